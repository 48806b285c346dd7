using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Storage;

/// <summary>What the directory of repositories must do on every database.</summary>
public abstract class RepositoryDirectorySuite : IAsyncLifetime
{
    private static readonly DateTimeOffset Created = new(2026, 11, 21, 17, 30, 1, 250, TimeSpan.Zero);

    private readonly ManualTime _clock = new();
    private SiloDatabase? _database;

    private SiloDatabase Database => _database!;

    private RepositoryDirectory Directory => new(Database, _clock);

    public async ValueTask InitializeAsync()
    {
        _database = await Open();
        await Migrate();
    }

    public async ValueTask DisposeAsync()
    {
        await Clean();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_added_is_read_back_with_its_nodes_in_order()
    {
        var record = Record(1, "hello", "storage-2", "storage-1", "storage-3");
        Assert.True(await Directory.TryAdd(record));
        var read = await Directory.Get(record.Id);
        Assert.Equal(record with { Nodes = read!.Nodes }, read);
        Assert.Equal(record.Nodes, read.Nodes);
        Assert.Null(await Directory.Get(Id(9)));
    }

    [Fact]
    public async Task Of_many_that_want_one_path_one_gets_it()
    {
        var directory = Directory;
        var added = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => directory.TryAdd(Record(i, "same"))));
        Assert.Equal(1, added.Count(isAdded => isAdded));
        Assert.Single(await directory.List("", "", 100));
    }

    [Fact]
    public async Task A_path_is_free_again_as_soon_as_its_deletion_is_decided()
    {
        var directory = Directory;
        var first = Record(1, "again");
        await directory.TryAdd(first);
        await directory.Activate(first.Id);
        Assert.Equal(first.Id, await directory.Find("default", first.Path));
        await directory.Release(first);
        Assert.Null(await directory.Find("default", first.Path));
        Assert.True(await directory.TryAdd(Record(2, "again")));
        Assert.Equal(Id(2), await directory.Find("default", first.Path));
        Assert.Equal([Id(1), Id(2)], await directory.ListUnsettled(default, 10));
        await directory.Forget(Id(1));
        await directory.Forget(Id(2)); // Nobody wants it deleted.
        Assert.Null(await directory.Get(Id(1)));
        Assert.NotNull(await directory.Get(Id(2)));
    }

    [Fact]
    public async Task Pages_are_cut_by_bytes_and_leave_nothing_out()
    {
        var directory = Directory;
        string[] paths = ["B", "a", "a-b", "a/b", "ab", "b"];
        foreach (var (number, path) in paths.Index()) await directory.TryAdd(Record(number + 1, path));
        var seen = new List<string>();
        for (var after = (Storage: "", Path: ""); ;)
        {
            var page = await directory.List(after.Storage, after.Path, 2);
            seen.AddRange(page.Select(record => record.Path.Value));
            if (page.Length < 2) break;
            after = (page[^1].VirtualStorage, page[^1].Path.Value);
        }

        Assert.Equal(paths.Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Repositories_are_found_by_node_until_they_are_forgotten()
    {
        var directory = Directory;
        await directory.TryAdd(Record(1, "one", "storage-1", "storage-2"));
        await directory.TryAdd(Record(2, "two", "storage-2"));
        await directory.Release((await directory.Get(Id(1)))!);
        Assert.Equal([Id(1), Id(2)], await directory.ListOfNode(NodeName.Parse("storage-2"), default, 10));
        Assert.Equal([Id(2)], await directory.ListOfNode(NodeName.Parse("storage-2"), Id(1), 10));
        await directory.Forget(Id(1));
        Assert.Empty(await directory.ListOfNode(NodeName.Parse("storage-1"), default, 10));
    }

    [Fact]
    public async Task A_shared_name_is_looked_up_again_after_a_second()
    {
        var (here, elsewhere) = (Directory, Directory);
        await here.TryAdd(Record(1, "moved"));
        Assert.Equal(Id(1), await here.Find("default", RepositoryPath.Parse("moved")));
        await elsewhere.Release((await elsewhere.Get(Id(1)))!);
        await elsewhere.TryAdd(Record(2, "moved"));
        Assert.Equal(Id(1), await here.Find("default", RepositoryPath.Parse("moved")));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var found = await here.Find("default", RepositoryPath.Parse("moved"));
        Assert.Equal(Database.IsShared ? Id(2) : Id(1), found);
    }

    [Fact]
    public async Task Migrations_run_once_however_many_silos_start()
    {
        await Directory.TryAdd(Record(1, "kept"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate()));
        Assert.NotNull(await Directory.Get(Id(1)));
    }

    [Theory]
    [InlineData("INSERT INTO schema_migration VALUES (999, 'from_the_future', 'x', 'x')", "999")]
    [InlineData("UPDATE schema_migration SET checksum = 'another' WHERE number = 1", "another migration 1")]
    public async Task A_database_of_another_program_is_refused_and_left_alone(string change, string words)
    {
        await using (var connection = await Database.Open()) await connection.Execute(change, default);
        var error = await Assert.ThrowsAsync<Aedile.Silo.Hosting.StartupException>(Migrate);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private protected abstract Task<SiloDatabase> Open();

    protected virtual ValueTask Clean() => ValueTask.CompletedTask;

    private Task Migrate() => new SchemaMigrations(Database, _clock).Apply(TestContext.Current.CancellationToken);

    private static RepositoryId Id(int number) => RepositoryId.From(new Guid(number, 0, 0, new byte[8]));

    private static RepositoryRecord Record(int number, string path, params string[] nodes) => new(
        Id(number), "default", RepositoryPath.Parse(path), "refs/heads/main", Created,
        [.. nodes.DefaultIfEmpty("storage-1").Select(node => NodeName.Parse(node))], RepositoryRecordState.Creating);
}
