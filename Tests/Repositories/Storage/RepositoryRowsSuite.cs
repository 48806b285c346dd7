using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Storage;

/// <summary>What moves rows of earlier builds, and the migrations, must do on every database.</summary>
public abstract class RepositoryRowsSuite : IAsyncLifetime
{
    private readonly ManualTime _clock = new();
    private SiloDatabase? _database;

    private SiloDatabase Database => _database!;

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
    public async Task Rows_are_listed_with_their_nodes_in_order_until_they_are_forgotten()
    {
        await Add(1, "active", "storage-2", "storage-1");
        await Add(2, "deleting", "storage-3");
        var rows = new RepositoryRows(Database);
        var left = await rows.List();
        Assert.Equal([Id(1), Id(2)], left.Select(row => row.Id));
        Assert.Equal(["storage-2", "storage-1"], left[0].Spec.Nodes.Select(node => node.Value));
        Assert.Equal(("default", "path-1", "refs/heads/main", RepositoryStage.Active), (
            left[0].Spec.VirtualStorage.Value, left[0].Spec.Path.Value, left[0].Spec.DefaultBranch,
            left[0].Spec.Stage));
        Assert.Equal(RepositoryStage.Deleting, left[1].Spec.Stage);
        await rows.Forget(Id(1));
        await rows.Forget(Id(1));
        Assert.Equal([Id(2)], (await rows.List()).Select(row => row.Id));
    }

    [Fact]
    public async Task Migrations_run_once_however_many_silos_start()
    {
        await Add(1, "active", "storage-1");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate()));
        Assert.Single(await new RepositoryRows(Database).List());
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

    // As earlier builds wrote them.
    private async Task Add(int number, string state, params string[] nodes)
    {
        await using var connection = await Database.Open();
        await connection.Execute(
            $"""
            INSERT INTO repository (id, virtual_storage, path, default_branch, created_at, state)
            VALUES ('{Id(number)}', 'default', 'path-{number}', 'refs/heads/main', '2026-11-21 17:30:01Z', '{state}')
            """, default);
        foreach (var (ordinal, node) in nodes.Index())
            await connection.Execute(
                $"INSERT INTO repository_node VALUES ('{Id(number)}', {ordinal}, '{node}')", default);
    }
}
