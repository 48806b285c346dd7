using System.Net;

namespace Aedile.Client.Repositories;

/// <summary>A storage node answered, and refused the request itself: it did not act on it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">What the node says, one line for people.</param>
public sealed class StorageNodeRefusedException(HttpStatusCode status, string reason)
    : Exception($"The storage node refused: {reason} (HTTP {(int)status}).")
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>What the node says, one line for people.</summary>
    public string Reason { get; } = reason;
}
