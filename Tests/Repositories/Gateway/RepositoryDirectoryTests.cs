using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;
using Aedile.Tests.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>
/// Goal: names of repositories are the model's: taken once, free when given up, the same at every silo. Either engine.
/// </summary>
public sealed class RepositoryDirectoryTests(PrivatePostgres postgres) : IAsyncLifetime
{
    private readonly List<ModelSilo> _silos = [];

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.NewDatabase();
        for (var i = 0; i < 2; i++) _silos.Add(await ModelSilo.Start(database));
        Assert.True((await _silos[0].Write(Of(VirtualStorage("default", "#all")))).IsApplied);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_one_silo_added_every_other_finds_with_its_nodes_in_order()
    {
        var record = Record(1, "hello", "storage-2", "storage-1", "storage-3");
        Assert.Equal(Addition.Done, await Directory(0).Add(record, "somebody", null));
        var read = await Directory(1).Get(record.Id);
        Assert.Equal(record with { Nodes = read!.Nodes, CreatedAt = read.CreatedAt }, read);
        Assert.Equal(record.Nodes, read.Nodes);
        Assert.Equal(record.Id, await Directory(1).Find("default", record.Path));
        Assert.Null(await Directory(1).Get(Id(9)));
        Assert.NotNull(_silos[0].Replica.Current.Find<NodeSpec>(EntityId.Parse("storage-3")));
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_many_at_both_silos_that_want_one_path_one_gets_it()
    {
        var added = await Task.WhenAll(Enumerable.Range(1, 8).Select(i =>
            Directory(i % 2).Add(Record(i, "same", $"storage-{i % 3}", "storage-9"), "somebody", null)));
        Assert.Equal(1, added.Count(addition => addition is Addition.Done));
        Assert.Equal(7, added.Count(addition => addition is Addition.PathTaken));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_path_is_free_again_as_soon_as_its_deletion_is_decided()
    {
        var (here, elsewhere) = (Directory(0), Directory(1));
        var first = Record(1, "again");
        await here.Add(first, "somebody", null);
        await here.Activate(first.Id);
        Assert.Equal(first.Id, await elsewhere.Find("default", first.Path));
        await elsewhere.Release(first.Id, "somebody");
        Assert.Null(await elsewhere.Find("default", first.Path));
        Assert.Equal(Addition.Done, await elsewhere.Add(Record(2, "again"), "somebody", null));
        Assert.Equal(Id(2), await elsewhere.Find("default", first.Path));
        await here.Activate(first.Id); // Too late: the deletion wins.
        await here.Refresh();
        Assert.Equal([Id(1), Id(2)], here.ListUnsettled().Order(Comparer<RepositoryId>.Create(
            static (one, other) => string.CompareOrdinal(one.Value, other.Value))));
        Assert.Equal([Id(2)], here.List("").Select(record => record.Id));
        await here.Forget(Id(1));
        await here.Forget(Id(1));
        await Assert.ThrowsAnyAsync<Exception>(() => Removed(Id(2)));
        Assert.Null(await here.Get(Id(1)));
        Assert.NotNull(await here.Get(Id(2)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_key_stands_for_what_it_created_at_every_silo()
    {
        Assert.Null(await Directory(0).FindByKey("somebody", "k1"));
        Assert.Equal(Addition.Done, await Directory(0).Add(Record(1, "one"), "somebody", "k1"));
        Assert.Equal(Id(1), await Directory(1).FindByKey("somebody", "k1"));
        Assert.Null(await Directory(1).FindByKey("another", "k1"));
        Assert.Equal(Addition.KeyTaken, await Directory(1).Add(Record(2, "two"), "somebody", "k1"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Repositories_are_found_by_node_until_they_are_forgotten()
    {
        var directory = Directory(0);
        await directory.Add(Record(1, "one", "storage-1", "storage-2"), "somebody", null);
        await directory.Add(Record(2, "two", "storage-2"), "somebody", null);
        await directory.Release(Id(1), "somebody");
        Assert.Equal(2, (await Directory(1).ListOfNode(NodeName.Parse("storage-2"))).Length);
        Assert.Equal([Id(1)], await Directory(1).ListOfNode(NodeName.Parse("storage-1")));
        Assert.Equal(2, (await Directory(1).ListIds()).Length);
        await directory.Forget(Id(1));
        Assert.Empty(await Directory(1).ListOfNode(NodeName.Parse("storage-1")));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_repository_of_no_virtual_storage_is_not_added() => Assert.Equal(
        Addition.NoStorage,
        await Directory(0).Add(Record(1, "one") with { VirtualStorage = EntityId.Parse("gone") }, "somebody", null));

    private async Task Removed(RepositoryId id)
    {
        var change = SpecChanges.Delete<RepositorySpec>(EntityId.Parse(id.Value));
        var (reply, _) = await _silos[0].Write(Of(change));
        if (reply.Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);
    }

    private RepositoryDirectory Directory(int silo) =>
        new(_silos[silo].Replica, _silos[silo].Writer, _silos[silo].Latest, new RandomIds());

    private static RepositoryId Id(int number) => RepositoryId.From(new Guid(number, 0, 0, new byte[8]));

    private static RepositoryRecord Record(int number, string path, params string[] nodes) => new(
        Id(number), EntityId.Parse("default"), RepositoryPath.Parse(path), "refs/heads/main", default,
        [.. nodes.DefaultIfEmpty("storage-1").Select(node => NodeName.Parse(node))], RepositoryStage.Creating);
}
