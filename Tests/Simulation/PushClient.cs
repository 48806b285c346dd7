using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// One user: reads refs, then pushes creations, updates, deletions and forced updates, often on stale values.
/// </summary>
internal sealed class PushClient(Run run, int number)
{
    private static readonly string[] Names =
        ["refs/heads/main", "refs/heads/a", "refs/heads/a/b", "refs/heads/c", "refs/heads/d", "refs/tags/t"];

    private readonly Chance _chance = run.Chance.Split();
    private readonly Dictionary<string, string> _parents = [];
    private SortedDictionary<string, string> _seen = new(StringComparer.Ordinal);
    private int _commits;

    private SimulatedTime Time => run.Scheduler.Outside.Time;

    /// <summary>Acts so many times.</summary>
    public async Task Act(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Time.Wait(_chance.Milliseconds(0, _chance.Pick([50, 50, 500, 3000])));
            if (_chance.OneIn(4)) await Read();
            else await Push();
            // At once: not every replica has applied what was just acknowledged.
            if (_chance.OneIn(2)) await Read();
        }
    }

    /// <summary>Reads what a replica of the newest version shows.</summary>
    public async Task Read()
    {
        var started = run.Scheduler.Now;
        var (wanted, view) = await run.ThroughSilo(_chance, (silo, _) => silo.Read(_chance), (default, null));
        if (view?.Refs is not { } refs) return;
        _seen = new SortedDictionary<string, string>(refs, StringComparer.Ordinal); // The history keeps its own.
        run.Checks.ReadEnded(new ReadSeen(started, run.Scheduler.Now, wanted, refs));
    }

    /// <summary>One push.</summary>
    /// <returns>Whether every ref moved.</returns>
    public async Task<bool> Push()
    {
        var updates = Draw();
        var isAtomic = _chance.OneIn(3);
        var transaction = new TransactionId(_chance.NextGuid());
        run.Ledger.Asked(transaction, updates);
        var started = run.Scheduler.Now;
        run.Scheduler.Trace.Add($"client-{number}", $"push {transaction}",
            string.Join(", ", updates.Select(u => $"{u.Name} {u.Old[..6]}..{u.New[..6]}"))
                + (isAtomic ? " atomic" : ""));
        var hasPack = updates.Any(u => !u.IsDelete);
        var request = new PushRequest(updates, [], new PushCapabilities(true, true, isAtomic, false), []);
        var bytes = hasPack ? Pack(updates) : [];
        var report = await run.ThroughSilo<PushReport?>(
            _chance, (silo, left) => silo.Push(
                transaction, request, bytes, new ClientPace(_chance, _chance.OneIn(25), left)), null);
        ImmutableArray<RefOutcome> outcomes = [.. updates.Select(u => OutcomeOf(report, u.Name))];
        run.Scheduler.Trace.Add($"client-{number}", $"told {transaction}",
            string.Join(", ", outcomes)
                + (report is null ? "" : " " + string.Join(", ", report.Results.Select(r => r.Reason))));
        run.Checks.PushEnded(new PushSeen(transaction, updates, isAtomic, started, run.Scheduler.Now, outcomes));
        for (var i = 0; i < updates.Length; i++)
        {
            if (outcomes[i] is not RefOutcome.Moved) continue;
            if (updates[i].IsDelete) _seen.Remove(updates[i].Name);
            else _seen[updates[i].Name] = updates[i].New;
        }
        return outcomes.All(o => o is RefOutcome.Moved);
    }

    private static RefOutcome OutcomeOf(PushReport? report, string name)
    {
        if (report?.Results.FirstOrDefault(r => r.Name == name) is not { } result) return RefOutcome.Unknown;
        if (result.Reason is not { } reason) return report.Unpack is null ? RefOutcome.Moved : RefOutcome.NotMoved;
        if (reason.StartsWith("outcome unknown", StringComparison.Ordinal)) return RefOutcome.Unknown;
        return reason == "fetch first" ? RefOutcome.Stale : RefOutcome.NotMoved;
    }

    private ImmutableArray<RefUpdate> Draw()
    {
        var updates = new SortedDictionary<string, RefUpdate>(StringComparer.Ordinal);
        for (var i = _chance.Pick([1, 1, 1, 2, 3]); i > 0; i--)
        {
            var name = _chance.Pick(Names);
            var old = _seen.GetValueOrDefault(name, RefUpdate.Zero);
            if (_chance.OneIn(15)) old = _chance.OneIn(2) ? RefUpdate.Zero : Commit(RefUpdate.Zero);
            var isDelete = old != RefUpdate.Zero && name != Names[0] && _chance.OneIn(4);
            updates[name] = new RefUpdate(
                name, old, isDelete ? RefUpdate.Zero : Commit(_chance.OneIn(4) ? RefUpdate.Zero : old));
        }
        // As git's client sends them: in its own order.
        return _chance.OneIn(2) ? [.. updates.Values] : [.. updates.Values.Reverse()];
    }

    private string Commit(string parent)
    {
        for (var length = 1 + _chance.Below(2); length > 0; length--)
        {
            var id = SimulatedPack.Name($"{run.Seed} {number} {_commits++}");
            (_parents[id], parent) = (parent, id);
        }
        return parent;
    }

    // All that is new to whoever holds the old values; what others made is on the replicas already.
    private byte[] Pack(ImmutableArray<RefUpdate> updates)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var update in updates.Where(u => !u.IsDelete))
            for (var at = update.New; _parents.TryGetValue(at, out var parent); at = parent) objects[at] = parent;
        return SimulatedPack.Write(objects);
    }
}
