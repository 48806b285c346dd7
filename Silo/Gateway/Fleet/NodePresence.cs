using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// A node that is here, from its coming to its going, whichever silos hold its session meanwhile. One agent process has
/// one presence: what waits for an answer of it need not wait for its successor. Ends once.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and no link; whoever still holds its token must be able to.
internal sealed class NodePresence(NodeName node, Guid bootId, Uri endpoint)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>The node.</summary>
    public NodeName Node => node;

    /// <summary>The run of its agent's process.</summary>
    public Guid BootId => bootId;

    /// <summary>Base address of its agent.</summary>
    public Uri Endpoint => endpoint;

    /// <summary>Both.</summary>
    public NodeAddress Address => new(node, endpoint);

    /// <summary>Whether it is here.</summary>
    public bool Stands => !_ended.IsCancellationRequested;

    /// <summary>Cancelled when it goes: whatever waits for the node need wait no longer.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>It is gone. Idempotent. Runs what waits for it, so hold no lock.</summary>
    public void End() => _ended.Cancel();
}
