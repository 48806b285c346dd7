using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>One rule broken on purpose, to prove that the simulation would notice. The base breaks none.</summary>
internal class Sabotage
{
    /// <summary>Nothing is broken.</summary>
    public static Sabotage None { get; } = new();

    /// <summary>Whether the database writes without comparing.</summary>
    public virtual bool WritesBlindly => false;

    /// <summary>Whether the database says "written" before it is, and then sometimes doesn't.</summary>
    public virtual bool SaysWrittenEarly => false;

    /// <summary>Whether reads are served whatever the replica holds.</summary>
    public virtual bool ServesAnything => false;

    /// <summary>What an agent takes silence for.</summary>
    public virtual Resolution Unanswered => new(ResolutionOutcome.Pending);

    /// <summary>The disk that an agent gets.</summary>
    public virtual IDisk Disk(IDisk disk) => disk;

    /// <summary>What becomes of a prepare's answer.</summary>
    public virtual Task<PrepareReply> Prepare(
        JournalState state, RepositoryId repository, PrepareWrite command, Task<PrepareReply> reply) => reply;
}

/// <summary>The row is written whoever wrote it meanwhile: an overtaken coordinator still decides.</summary>
internal sealed class BlindDatabase : Sabotage
{
    public override bool WritesBlindly => true;
}

/// <summary>Pushes are acknowledged before their decision is stored.</summary>
internal sealed class HastyDatabase : Sabotage
{
    public override bool SaysWrittenEarly => true;
}

/// <summary>Replicas serve reads without looking at the wanted version, and in the middle of a commit.</summary>
internal sealed class CarelessReads : Sabotage
{
    public override bool ServesAnything => true;
}

/// <summary>An agent that gets no answer takes its promise for aborted.</summary>
internal sealed class ImpatientAgents : Sabotage
{
    public override Resolution Unanswered => new(ResolutionOutcome.Aborted);
}

/// <summary>Replicas vote before their promise is on disk.</summary>
internal sealed class HastyVotes : Sabotage
{
    public override Task<PrepareReply> Prepare(
        JournalState state, RepositoryId repository, PrepareWrite command, Task<PrepareReply> reply)
    {
        var replica = state.Replicas.GetValueOrDefault(repository, ReplicaState.None);
        if (reply.IsCompleted || replica.Version != command.Base || replica.Checksum is not { } before) return reply;
        var after = RefChecksum.Parse(before).After(command.Updates).ToString();
        return Task.FromResult(new PrepareReply(
            CommandOutcome.Done,
            PrepareVote.Compute(command.Transaction, command.Token, command.Base, command.Updates, after), [],
            replica.ToReport()));
    }
}

/// <summary>Replicas that can't promise a write vote for it all the same: a quorum in name only.</summary>
internal sealed class EmptyVotes : Sabotage
{
    public override async Task<PrepareReply> Prepare(
        JournalState state, RepositoryId repository, PrepareWrite command, Task<PrepareReply> reply)
    {
        var honest = await reply;
        if (honest.Outcome is CommandOutcome.Done || honest.Report.Checksum is not { } before) return honest;
        var after = RefChecksum.Parse(before).After(command.Updates).ToString();
        return honest with
        {
            Outcome = CommandOutcome.Done,
            Vote = PrepareVote.Compute(command.Transaction, command.Token, command.Base, command.Updates, after),
        };
    }
}

/// <summary>Some flushes do nothing: what they should have made durable may be gone after a power loss.</summary>
internal sealed class SkippedFlushes(Predicate<string> isSkipped) : Sabotage
{
    public override IDisk Disk(IDisk disk) => new ForgetfulDisk(disk, isSkipped);
}
