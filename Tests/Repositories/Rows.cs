using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Tests.Repositories;

/// <summary>Rows, replicas and votes with short names, for the tests of the pure cores.</summary>
internal static class Rows
{
    public static readonly RepositoryId Id = RepositoryId.From(new Guid("00000000-0000-0000-0000-0000000000aa"));
    public static readonly ImmutableArray<NodeName> Nodes = [Node(1), Node(2), Node(3)];

    public static NodeName Node(int number) => NodeName.Parse($"storage-{number}");

    public static TransactionId Transaction(int number) => new(new Guid(number, 0, 0, new byte[8]));

    public static string Oid(int number) => number.ToString("x40", null);

    public static RefUpdate Create(string branch, int oid) => new($"refs/heads/{branch}", RefUpdate.Zero, Oid(oid));

    /// <summary>An active repository on three nodes, all at its first version, epoch 1.</summary>
    public static RepositoryState Active(int nodes = 3)
    {
        ImmutableArray<NodeName> names = [.. Enumerable.Range(1, nodes).Select(Node)];
        var row = RowChange.Create(new RepositoryState(), new CreateRepository(
            "default", RepositoryPath.Parse("hello"), "refs/heads/main", names, DateTimeOffset.UnixEpoch));
        return RowChange.Activate(row, Id, names);
    }

    /// <summary>The row after one more write, promised by the nodes numbered.</summary>
    public static RepositoryState Decided(this RepositoryState row, int transaction, params int[] voters) =>
        RowChange.Decide(row, Transaction(transaction), [], row.Newest!.Checksum, [.. voters.Select(Node)]);

    public static ReplicaReport Report(ReplicaVersion? version, string? checksum, OpenEntry? open = null) =>
        new(Exists: true, version, checksum, new CommandToken(1, 1), open);

    public static ReplicaReport ReportNewest(this RepositoryState row) =>
        Report(row.Newest!.Version, row.Newest.Checksum);

    public static ReplicaFacts Facts(
        this RepositoryState row, int node, ReplicaReport? seen = null, bool healthy = true) =>
        new(row.Replicas.Single(r => r.Node == Node(node)), seen, healthy);

    public static PrepareReply Promise(string vote) =>
        new(CommandOutcome.Done, vote, [], Report(null, null));

    public static PrepareReply Mismatch(params string[] names) => new(
        CommandOutcome.RefsMismatch, null, [.. names.Select(n => new RefMismatch(n, "fetch first"))],
        Report(null, null));
}
