namespace Aedile.Client.Fleet;

/// <summary>
/// Where a node's agent is reached, and which node that must be: a token is for one node, and so is a certificate.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Endpoint">Base address of its agent.</param>
public readonly record struct NodeAddress(NodeName Node, Uri Endpoint)
{
    /// <summary>Tells a request's handler whom the request is for.</summary>
    public static HttpRequestOptionsKey<NodeName> OfRequest { get; } = new("aedile.node");

    /// <summary>An address below the endpoint.</summary>
    public Uri At(string path) => new(Endpoint, path);
}
