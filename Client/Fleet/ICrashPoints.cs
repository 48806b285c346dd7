namespace Aedile.Client.Fleet;

/// <summary>
/// Named moments between two durable steps. Production passes through them; a chaos test makes a process die at one.
/// </summary>
public interface ICrashPoints
{
    /// <summary>Says that the step named by <paramref name="point"/> is complete and the next has not begun.</summary>
    /// <param name="point">See <see cref="CrashPoint"/>.</param>
    void Reach(string point);
}

/// <summary>The named moments of a push, in their order.</summary>
public static class CrashPoint
{
    /// <summary>Agent: the pack is in its quarantine, the answer is not sent.</summary>
    public const string AgentStaged = "staged";

    /// <summary>Agent: git holds the ref locks, nothing is journaled.</summary>
    public const string AgentPrepareLocked = "prepare-locked";

    /// <summary>Agent: the quarantine is on disk, the promise is not journaled.</summary>
    public const string AgentPrepareSynced = "prepare-synced";

    /// <summary>Agent: the promise is journaled, the vote is not sent.</summary>
    public const string AgentPrepared = "prepared";

    /// <summary>Agent: the decision is journaled, nothing is applied.</summary>
    public const string AgentCommitDecided = "commit-decided";

    /// <summary>Agent: the objects are in the replica, no ref has moved.</summary>
    public const string AgentCommitMigrated = "commit-migrated";

    /// <summary>Agent: the refs have moved, the entry is open.</summary>
    public const string AgentCommitRefs = "commit-refs";

    /// <summary>Agent: the entry is closed, the answer is not sent.</summary>
    public const string AgentCommitClosed = "commit-closed";

    /// <summary>Silo: the push is begun, nothing is staged.</summary>
    public const string SiloBegun = "silo-begun";

    /// <summary>Silo: enough nodes have staged, the grain does not know.</summary>
    public const string SiloStaged = "silo-staged";

    /// <summary>Silo: the push has its turn, no prepare is sent.</summary>
    public const string SiloOrdered = "silo-ordered";

    /// <summary>Silo: enough nodes have promised, nothing is decided.</summary>
    public const string SiloPrepared = "silo-prepared";

    /// <summary>Silo: the decision is durable, nobody is told.</summary>
    public const string SiloDecided = "silo-decided";

    /// <summary>Silo: a node has applied it, the client is not told.</summary>
    public const string SiloCommitted = "silo-committed";
}
