using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Admits reads: only of a replica that has the wanted version and isn't moving refs.</summary>
internal sealed class ReplicaReads(StoragePorts ports, ReplicaJournal journal, FirstUse firstUse)
{
    /// <summary>
    /// Waits up to the limit for a commit that the read depends on, then shares the refs. Whoever lists refs holds the
    /// ticket meanwhile; whoever only sends objects lets it go at once, for objects never go away under a reader.
    /// </summary>
    /// <param name="replica">What is read.</param>
    /// <param name="wanted">The version wanted; null for whatever it holds.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ReadAdmission> Enter(Replica replica, ReplicaVersion? wanted, CancellationToken cancellation)
    {
        await firstUse.Ensure(replica, cancellation);
        var deadline = ports.Clock.GetTimestamp();
        while (true)
        {
            // Before the look at the state: a commit that ends between the two must still wake us.
            var changed = replica.Changed;
            var verdict = Judge(journal.Get(replica.Id), wanted);
            if (verdict is Verdict.Missing) return ReadAdmission.NotFound;
            if (verdict is Verdict.Behind) return ReadAdmission.Behind;
            if (verdict is Verdict.Fine)
            {
                var ticket = await replica.Refs.EnterShared(cancellation);
                // The wait for the ticket may have let a commit or repair pass.
                if (Judge(journal.Get(replica.Id), wanted) is Verdict.Fine)
                    return new ReadAdmission(ReadOutcome.Admitted, ticket);
                ticket.Dispose();
                continue;
            }
            var left = ports.Options.CommitWaitMax - ports.Clock.GetElapsedTime(deadline);
            if (left <= TimeSpan.Zero) return ReadAdmission.Behind;
            if (!await Replica.Await(changed, left, ports.Clock, cancellation)) return ReadAdmission.Behind;
        }
    }

    private static Verdict Judge(ReplicaState state, ReplicaVersion? wanted)
    {
        if (!state.Exists) return Verdict.Missing;
        if (state.Open?.Decision is not null) return Verdict.Wait;
        if (state.Version is null) return Verdict.Behind;
        if (wanted is not { } version || state.Version == version || state.HasPassed(version)) return Verdict.Fine;
        return state.Open?.Transaction == version.Transaction ? Verdict.Wait : Verdict.Behind;
    }

    private enum Verdict
    {
        Missing,
        Behind,
        Wait,
        Fine,
    }
}

/// <summary>Whether a read may go on.</summary>
internal enum ReadOutcome
{
    /// <summary>There is no such replica.</summary>
    NotFound,

    /// <summary>It lacks the wanted version: ask another.</summary>
    Behind,

    /// <summary>Go on, and let go of the ticket.</summary>
    Admitted,
}

/// <summary>Answer to a read; disposing it lets commits pass.</summary>
internal sealed record ReadAdmission(ReadOutcome Outcome, IDisposable? Ticket) : IDisposable
{
    public static ReadAdmission NotFound { get; } = new(ReadOutcome.NotFound, null);

    public static ReadAdmission Behind { get; } = new(ReadOutcome.Behind, null);

    public void Dispose() => Ticket?.Dispose();
}
