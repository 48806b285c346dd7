using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Silo.Identity.Agents;
using Aedile.Silo.Identity.Certificates;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Sends requests to agents: each with this silo's token for that node alone, and on an encrypted connection with its
/// certificate, to nobody but the node's own agent. Deadlines are the callers'.
/// </summary>
internal sealed class AgentHttp : HttpMessageHandler
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<NodeName, HttpMessageInvoker> _nodes = new();
    private readonly AgentTokens _tokens;
    private readonly FleetPeers _peers;
    private readonly OwnCertificate _certificate;

    public AgentHttp(AgentTokens tokens, FleetPeers peers, OwnCertificate certificate)
    {
        (_tokens, _peers, _certificate) = (tokens, peers, certificate);
        Client = new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The one client to all agents. Requests say by <see cref="NodeAddress.OfRequest"/> whom they are for.
    /// </summary>
    public HttpClient Client { get; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(NodeAddress.OfRequest, out var node))
            throw new InvalidOperationException("A request to an agent says for which node it is.");
        var token = _tokens.ForCommands(node)
            ?? throw new HttpRequestException("This silo has no key to sign its commands with yet.");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await _nodes.GetOrAdd(node, Connect).SendAsync(request, cancellationToken);
        if (response.StatusCode is System.Net.HttpStatusCode.Unauthorized) _tokens.Forget(node);
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Client.Dispose();
            foreach (var node in _nodes.Values) node.Dispose();
        }
        base.Dispose(disposing);
    }

    // Each node has connections of its own: a certificate is judged when a connection is made, for one node.
    private HttpMessageInvoker Connect(NodeName node) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectLimit,
        PooledConnectionIdleTimeout = IdleLimit,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificate.Current!,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
                _peers.IsAgentOf(node, shown as X509Certificate2, PeerUse.Server),
        },
    });
}
