using Aedile.Silo.Storage.Fleet;
using NodeName = Aedile.Client.Fleet.NodeName;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>A silo's wish to hold a node's session.</summary>
/// <param name="Node">The node.</param>
/// <param name="Agent">As it said hello.</param>
/// <param name="HighestEpoch">The highest epoch that the agent was ever given.</param>
/// <param name="Renews">
/// The epoch that the session has and that the table says is over; null for a session that has none yet.
/// </param>
/// <param name="Run">The silo that wants it.</param>
/// <param name="At">When (UTC).</param>
internal sealed record SessionClaim(
    NodeName Node, AgentIdentity Agent, long HighestEpoch, long? Renews, Guid Run, DateTimeOffset At);

/// <summary>Where a node stands.</summary>
internal enum Standing
{
    /// <summary>It has no session.</summary>
    Unknown,

    /// <summary>Its session is broken by no fault of its own, and its time to come back is not over.</summary>
    Moving,

    /// <summary>Its session stands, with this silo or another.</summary>
    Running,
}

/// <summary>What a silo knows of a session that it holds, or held.</summary>
/// <param name="Epoch">Its epoch; null while it is provisional.</param>
/// <param name="Stands">Whether it stands.</param>
/// <param name="IsLeaving">Whether the agent went to come back elsewhere.</param>
/// <param name="IsConfirmed">
/// Whether the table was read, in vain or not, since it ended: the agent may have had its next session by then.
/// </param>
internal readonly record struct OwnSession(long? Epoch, bool Stands, bool IsLeaving, bool IsConfirmed);

/// <summary>What claims and ends of sessions mean. Pure.</summary>
internal static class SessionRules
{
    /// <summary>
    /// The row of a claimed session: an epoch above all that the table and the agent ever saw, so that it is the only
    /// one to be obeyed, even after the database went back.
    /// </summary>
    /// <returns>
    /// Null when this claim comes late and would take the node from the session that it has now: the same run of the
    /// agent has connected anew, or somebody claimed a session since the one to be renewed.
    /// </returns>
    public static SessionRow? Claim(SessionRow? before, SessionClaim claim)
    {
        if (before?.Agent.BootId == claim.Agent.BootId && before.Agent.Attempt > claim.Agent.Attempt) return null;
        if (claim.Renews is { } renewed && before?.Epoch > renewed) return null;
        // A move of the same process between silos is no news to anybody.
        var isNews = before is null || before.EndedAt is not null || before.Agent.BootId != claim.Agent.BootId;
        return new SessionRow(
            claim.Node, Math.Max(before?.Epoch ?? 0, Math.Max(claim.HighestEpoch, claim.Renews ?? 0)) + 1, claim.Run,
            claim.Agent, claim.At, null,
            (before?.Change ?? 0) + (isNews ? 1 : 0), before?.Told ?? 0, Version: 0);
    }

    /// <summary>Where a node stands, by the newest row and by what this silo itself knows.</summary>
    /// <param name="row">Its row as last read; null when it has none.</param>
    /// <param name="isHeld">Whether the row's holder lives, and is not this silo.</param>
    /// <param name="own">This silo's newest session with it; null when there never was one.</param>
    public static Standing Judge(SessionRow? row, bool isHeld, OwnSession? own)
    {
        if (own is { } session && IsNewest(row, session))
        {
            if (session.Stands) return Standing.Running;
            // Its end may still be on the way to the table, or the table away.
            if (!session.IsLeaving && session.IsConfirmed) return Standing.Unknown;
            if (session.Epoch is null) return Standing.Moving;
        }
        if (row is null || row.EndedAt is not null) return Standing.Unknown;
        return isHeld ? Standing.Running : Standing.Moving;
    }

    /// <summary>Whether the table must be told that a node is gone.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="holderGoneFor">How long its holder has been gone, if that is another silo and gone.</param>
    /// <param name="own">The holder's session, if that is this silo.</param>
    /// <param name="ownEndedFor">How long ago that ended; without one, how long ago it was claimed.</param>
    /// <param name="grace">How long a node has to come back.</param>
    public static bool IsOver(
        SessionRow row, TimeSpan? holderGoneFor, OwnSession? own, TimeSpan? ownEndedFor, TimeSpan grace)
    {
        if (row.EndedAt is not null) return false;
        if (holderGoneFor is { } gone) return gone >= grace;
        // A session that isn't there is just beginning, or was claimed for an agent that had left.
        if (own is not { } session || session.Epoch is null || session.Epoch < row.Epoch) return ownEndedFor >= grace;
        if (session.Stands || session.Epoch > row.Epoch) return false;
        return !session.IsLeaving || ownEndedFor >= grace;
    }

    // A provisional session is newer than any row: the silo would have claimed it, had the database been there.
    private static bool IsNewest(SessionRow? row, OwnSession own) =>
        row is null || own.Epoch is not { } epoch || epoch >= row.Epoch;
}
