using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>Judges what clients see, as they see it.</summary>
internal sealed class Checks(Run run)
{
    private readonly List<(TimeSpan At, int Index)> _acknowledged = [];
    private readonly Dictionary<NodeName, int> _held = [];

    /// <summary>Everything seen so far.</summary>
    public History History { get; } = new();

    /// <summary>An agent answers a command: no replica ever goes back to an older version.</summary>
    public async Task<CommandReply> Answered(NodeName node, Task<CommandReply> answer)
    {
        var reply = await answer;
        if (reply.Report.Version is not { } version) return reply;
        var index = run.Ledger.IndexOf(version);
        if (index < _held.GetValueOrDefault(node)) run.Violation($"{node} went back to {version}");
        _held[node] = index;
        return reply;
    }

    /// <summary>A machine has an empty disk now.</summary>
    public void DiskLost(NodeName node) => _held.Remove(node);

    /// <summary>A client was told how its push ended.</summary>
    public void PushEnded(PushSeen push)
    {
        History.Pushes.Add(push);
        run.Done.Count(push.Outcomes.Contains(RefOutcome.Moved) ? "pushes acknowledged"
            : push.Outcomes.Contains(RefOutcome.Unknown) ? "pushes unanswered" : "pushes refused");
        var index = run.Ledger.IndexOf(push.Transaction);
        for (var i = 0; i < push.Updates.Length; i++)
        {
            var isDecided = index >= 0 && run.Ledger.Entries[index].Updates.Contains(push.Updates[i]);
            if (push.Outcomes[i] is RefOutcome.Moved && !isDecided)
                run.Violation($"{push.Transaction}: {push.Updates[i].Name} was acknowledged and is not decided");
            if (push.Outcomes[i] is RefOutcome.Stale or RefOutcome.NotMoved && isDecided)
                run.Violation($"{push.Transaction}: {push.Updates[i].Name} was refused and is decided");
        }
        if (push.Outcomes.Contains(RefOutcome.Moved)) _acknowledged.Add((push.Ended, index));
    }

    /// <summary>A client saw refs.</summary>
    public void ReadEnded(ReadSeen read)
    {
        History.Reads.Add(read);
        run.Done.Count("reads");
        var index = run.Ledger.LastIndexOf(read.Refs);
        if (index < 0)
        {
            run.Violation("a read saw a content that no version has: "
                + string.Join(", ", read.Refs.Select(r => $"{r.Key} {r.Value[..6]}")));
            return;
        }
        if (index < run.Ledger.IndexOf(read.Wanted)) run.Violation($"a read of {read.Wanted} saw an older version");
        // A silo that wakes up late answers from its view until it has looked at its lease.
        if (run.MayReadStale) return;
        var floor = _acknowledged.Where(a => a.At < read.Started).Select(a => a.Index).DefaultIfEmpty(0).Max();
        if (index < floor) run.Violation($"a read did not see generation {floor}, acknowledged before it began");
    }

    /// <summary>
    /// At the end: what was refused stays so, atomic pushes are whole, each ref's history is linearizable.
    /// </summary>
    public void End()
    {
        foreach (var push in History.Pushes)
        {
            var index = run.Ledger.IndexOf(push.Transaction);
            var decided = index < 0 ? [] : run.Ledger.Entries[index].Updates;
            for (var i = 0; i < push.Updates.Length; i++)
                if (push.Outcomes[i] is RefOutcome.Stale or RefOutcome.NotMoved && decided.Contains(push.Updates[i]))
                    run.Violation($"{push.Transaction}: {push.Updates[i].Name} was refused and is decided after all");
            if (push.Atomic && decided.Length != 0 && decided.Length != push.Updates.Length)
                run.Violation($"{push.Transaction} is atomic and was decided in part");
        }
        foreach (var name in RegisterHistory.NamesIn(History))
            if (!RegisterHistory.Of(name, History, withReads: !run.MayReadStale).IsLinearizable())
                run.Violation($"the history of {name} is not linearizable");
    }

    /// <summary>What a machine still lacks to be settled; null when nothing.</summary>
    public string? Unsettled(Machine machine)
    {
        var (row, newest) = (run.Database.Repository, run.Ledger.Newest);
        if (row is null || newest is null) return "there is no repository";
        if (machine.Agent is not { Role: { } role }) return "no agent runs";
        if (!role.State.Replicas.TryGetValue(run.Repository, out var state)) return "it has no replica";
        if (state.Open is { } open) return $"{open.Transaction} is open";
        if (state.Version != newest.Version) return $"it holds {state.Version?.ToString() ?? "no version"}";
        if (state.Checksum != row.Newest!.Checksum) return "its checksum is another";
        return Leftover(machine, role.Shelf[run.Repository].Path);
    }

    /// <summary>Compares a settled machine's disk with what was decided.</summary>
    public void Settled(Machine machine)
    {
        var path = machine.Agent!.Role!.Shelf[run.Repository].Path;
        var refs = new RefFiles(machine.Image, path).List();
        var expected = run.Ledger.Newest!.Refs;
        if (refs.Count != expected.Count || expected.Any(r => refs.GetValueOrDefault(r.Key) != r.Value))
            run.Violation($"{machine.Name} holds other refs than {run.Ledger.Newest.Version}: "
                + string.Join(", ", refs.Select(r => $"{r.Key} {r.Value[..6]}")));
        var objects = new ObjectStore(machine.Image, path, null);
        foreach (var (name, value) in refs)
            if (objects.FirstMissing(value) is { } missing)
                run.Violation($"{machine.Name} lacks object {missing} of {name}");
        var replica = run.Database.Repository!.Replicas.First(r => r.Node == machine.Name);
        if (replica.Distrusted) run.Violation($"{machine.Name} is up to date and distrusted");
    }

    private static string? Leftover(Machine machine, string path)
    {
        foreach (var file in machine.Image.FilesBelow(path))
        {
            if (file.EndsWith(".lock", StringComparison.Ordinal)
                || file.EndsWith("packed-refs.new", StringComparison.Ordinal))
                return $"the lock {file} is left";
        }
        var quarantine = machine.Image.List(Path.Combine(path, "objects"))
            .FirstOrDefault(e => e.Name.StartsWith("incoming-", StringComparison.Ordinal)).Name;
        return quarantine is null ? null : $"the quarantine {quarantine} is left";
    }
}
