using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>What an event of an agent leads to.</summary>
internal enum StatusNews
{
    /// <summary>Nothing: it was here before, or something is missing that was asked for.</summary>
    None,

    /// <summary>The status is another.</summary>
    Changed,

    /// <summary>Events before it are missing: ask for them.</summary>
    Gap,
}

/// <summary>The status of a node as its session tells it: events in their order, each once. Pure.</summary>
/// <param name="Sequence">Of the newest event; 0 for none.</param>
/// <param name="Status">As of it; null before the first.</param>
/// <param name="IsAsked">Whether missing events were asked for, and none has come since.</param>
internal sealed record StatusIntake(long Sequence, NodeStatus? Status, bool IsAsked)
{
    /// <summary>Nothing is known.</summary>
    public static StatusIntake Empty { get; } = new(0, null, false);

    /// <summary>An event came.</summary>
    public (StatusIntake Next, StatusNews News) Take(SessionMessage.StatusEvent said)
    {
        if (said.Sequence <= Sequence) return (this, StatusNews.None);
        if (said is { IsSnapshot: true, Machine: { } machine })
            return (new StatusIntake(said.Sequence, new NodeStatus(machine, said.Storage), false), StatusNews.Changed);
        if (said.IsSnapshot || Status is null || said.Sequence != Sequence + 1)
            return IsAsked ? (this, StatusNews.None) : (this with { IsAsked = true }, StatusNews.Gap);
        var status = new NodeStatus(said.Machine ?? Status.Machine, said.Storage ?? Status.Storage);
        return (new StatusIntake(said.Sequence, status, false), StatusNews.Changed);
    }
}
