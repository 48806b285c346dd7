using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Tests.Repositories;

/// <summary>Three nodes that are always there and do what they are told.</summary>
internal sealed class ObedientNodes : IStorageNodes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, ReplicaReport> _reports = [];
    private readonly List<string> _done = [];

    /// <summary>What changed a replica: <c>storage-1 commits 2</c>, <c>storage-3 repaired</c>; in order.</summary>
    public IReadOnlyList<string> Done
    {
        get { lock (_lock) return [.. _done]; }
    }

    /// <summary>Promises of one write wait for it; at first for none.</summary>
    public (TransactionId Of, HeldCalls Calls)? Preparing { get; set; }

    /// <summary>First fetches of a repair wait for it.</summary>
    public HeldCalls? Fetching { get; set; }

    public bool IsHealthy(NodeName node) => true;

    public Uri? GetEndpoint(NodeName node) => new("http://127.0.0.1:1");

    public Task<ReplicaReport> Report(NodeName node, RepositoryId repository, CancellationToken cancellation) =>
        Task.FromResult(Get(node));

    public Task<EntryReport> Entry(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
        Task.FromResult(new EntryReport(EntryOutcome.Unknown, null));

    public Task<CommandReply> Create(
        NodeName node, RepositoryId repository, CreateReplica command, CancellationToken cancellation) =>
        Become(node, new ReplicaReport(
            true, command.Version, RefChecksum.OfEmpty(command.DefaultBranch).ToString(), command.Token, null));

    public async Task<PrepareReply> Prepare(
        NodeName node, RepositoryId repository, PrepareWrite command, CancellationToken cancellation)
    {
        if (Preparing is { } held && held.Of == command.Transaction) await held.Calls.Pass();
        var before = Get(node);
        var checksum = RefChecksum.Parse(before.Checksum!).After(command.Updates).ToString();
        var vote = PrepareVote.Compute(
            command.Transaction, command.Token, command.Base, command.Updates, checksum);
        var report = Set(node, before with
        {
            HighestToken = command.Token,
            Open = new OpenEntry(command.Transaction, command.Token, command.Base, false),
        });
        return new PrepareReply(CommandOutcome.Done, vote, [], report);
    }

    public Task<CommandReply> Commit(
        NodeName node, RepositoryId repository, CommitWrite command, CancellationToken cancellation)
    {
        lock (_lock) _done.Add($"{node} commits {command.Version.Generation}");
        return Become(node, new ReplicaReport(true, command.Version, command.Checksum, command.Token, null));
    }

    public Task<CommandReply> Abort(
        NodeName node, RepositoryId repository, AbortWrite command, CancellationToken cancellation) =>
        Become(node, Get(node) with { Open = null });

    public async Task<CommandReply> Repair(
        NodeName node, RepositoryId repository, RepairReplica command, CancellationToken cancellation)
    {
        if (!command.Final)
        {
            if (Fetching is { } calls) await calls.Pass();
            return await Become(node, Get(node) with { HighestToken = command.Token });
        }
        lock (_lock) _done.Add($"{node} repaired");
        return await Become(node, new ReplicaReport(true, command.Target, command.Checksum, command.Token, null));
    }

    public Task<CommandReply> Delete(
        NodeName node, RepositoryId repository, DeleteReplica command, CancellationToken cancellation) =>
        Become(node, new ReplicaReport(false, null, null, command.Token, null));

    private ReplicaReport Get(NodeName node)
    {
        lock (_lock)
            return _reports.GetValueOrDefault(node, new ReplicaReport(false, null, null, default, null));
    }

    private ReplicaReport Set(NodeName node, ReplicaReport report)
    {
        lock (_lock) return _reports[node] = report;
    }

    private Task<CommandReply> Become(NodeName node, ReplicaReport report) =>
        Task.FromResult(new CommandReply(CommandOutcome.Done, Set(node, report)));
}
