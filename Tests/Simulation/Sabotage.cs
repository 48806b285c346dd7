using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>One rule broken on purpose, to prove that the simulation would notice. The base breaks none.</summary>
internal class Sabotage
{
    /// <summary>Nothing is broken.</summary>
    public static Sabotage None { get; } = new();

    /// <summary>Whether the database writes without comparing.</summary>
    public virtual bool WritesBlindly => false;

    /// <summary>Whether reads are served whatever the replica holds.</summary>
    public virtual bool ServesAnything => false;

    /// <summary>The disk that an agent gets.</summary>
    public virtual IDisk Disk(IDisk disk) => disk;

    /// <summary>What becomes of a prepare's answer.</summary>
    public virtual Task<PrepareReply> Prepare(Run run, NodeName node, Task<PrepareReply> reply, PrepareWrite command) =>
        reply;
}

/// <summary>Flushing a folder does nothing.</summary>
internal sealed class ForgetfulFolders : Sabotage;
