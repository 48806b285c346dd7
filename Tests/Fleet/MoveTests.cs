using System.Collections.Immutable;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Silo.Embedded.Move;
using Aedile.Silo.Storage;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: after a move a fleet on PostgreSQL holds what one silo on SQLite held, or nothing moved.</summary>
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class MoveTests
{
    private const string Password = "a password that moves";

    [Fact(Timeout = 280_000)]
    public async Task An_installation_becomes_a_fleet_with_everything_in_it()
    {
        await using var old = await EmbeddedFleet.Start(2);
        var (repository, work) = await old.NewRepository("moved/one");
        using var tree = work;
        await work.Commit("second");
        await work.Ok("push", "-q", "origin", "main");
        var tip = await work.Ok("rev-parse", "main");
        var (issued, key, before) = await Fill(old);
        await old.Stop();

        await using var fleet = await EmbeddedFleet.Start(2, silos: 2, from: old.Data);
        using var client = Connect(fleet, fleet.Token);
        Assert.Equal(old.Token, fleet.Token);
        var after = await client.Model.Describe();
        Assert.Equal(before.Timeline, after.Timeline);
        Assert.True(after.Index >= before.Index);
        Assert.NotNull(await client.Model.Find(EntityKey.Of<NodeSpec>(EntityId.Parse("noted"))));
        var first = 0L;
        await foreach (var entry in client.Changes.Read(0, follow: false)) first = first == 0 ? entry.Index : first;
        Assert.Equal(1, first);
        using (var person = Connect(fleet, issued)) Assert.NotEmpty((await person.Fleet.Describe()).Silos);
        Assert.Equal("ann", (await client.Identity.Login(new LoginRequest("ann", Password))).Identity.Value);

        var moved = await client.Repositories.Get(repository.Id);
        Assert.Equal(("active", 2L), (moved.State, moved.Generation));
        Assert.All(moved.Replicas, replica => Assert.True(replica.UpToDate));
        using var clone = await GitWork.Clone(fleet.GitUrl("moved/one", silo: 2));
        Assert.Equal(tip, await clone.Ok("rev-parse", "main"));
        await clone.Commit("third");
        await clone.Ok("push", "-q", "origin", "main");
        Assert.Equal(3, (await client.Repositories.Get(repository.Id)).Generation);
        // The same key again is the same creation, in the new place too.
        Assert.Equal(key, (await client.Repositories.Create(new("default", "moved/key"), key: "move-key")).Id);

        (await Start(old.Data, [])).MustFail("moved to");
        (await Start(fleet.Data, ["--from", old.Data], "fleet")).MustFail("not empty");
    }

    [Fact(Timeout = 200_000)]
    public async Task A_move_that_is_killed_half_way_leaves_the_installation_and_is_done_by_the_next_try()
    {
        await using var old = await EmbeddedFleet.Start(1);
        using var work = (await old.NewRepository("half/way")).Work;
        await old.Stop();
        using var folder = new TestFolder("moved");
        var target = folder["fleet"];
        using (var mover = Move(old.Data, target).Start())
        {
            await Eventually.True("the database is being made", TimeSpan.FromSeconds(30), () =>
                Task.FromResult(Directory.Exists(Path.Combine(target + ".moving", "postgres"))));
            await Signals.Send("KILL", mover.Id);
            await mover.WaitForExitAsync();
        }

        Assert.False(Directory.Exists(target));
        await old.Run();
        Assert.Equal("active", (await old.Api.List(10, null)).Items.Single().State);
        await old.Stop();
        (await Move(old.Data, target).Run()).MustSucceed();
        Assert.True(Directory.Exists(Path.Combine(target, "postgres")));
        Assert.False(Directory.Exists(target + ".moving"));
        (await Move(old.Data, folder["other"]).Run()).MustFail("moved to");
        (await Move(folder["nothing"], folder["other"]).Run()).MustFail("no silo.db");
        File.Delete(Path.Combine(old.Data, "moved-to"));
        await old.Run();
        Assert.Equal("active", (await old.Api.List(10, null)).Items.Single().State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_table_is_moved_or_left_behind_on_purpose()
    {
        using var folder = new TestFolder("tables");
        var database = SiloDatabase.InFile(folder["silo.db"]);
        await new SchemaMigrations(database, TimeProvider.System).Apply(CancellationToken.None);
        var tables = await database.Query(database.Sql("Move/list_tables"), row => row.GetString(0));
        var copied = TableMove.Copied.Select(table => table.Name).ToList();
        Assert.Empty(tables.Except(copied).Except(TableMove.Left));
        Assert.Empty(copied.Except(tables));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    private static async Task<(string Token, RepositoryId Key, ModelResource Model)> Fill(EmbeddedFleet fleet)
    {
        using var client = Connect(fleet, fleet.Token);
        await client.Model.Create(EntityDraft.Of(new NodeSpec(["ssd"])), EntityId.Parse("noted"));
        var ann = EntityId.Parse("ann");
        await client.Model.Create(
            EntityDraft.Of(new IdentitySpec(IdentityType.Person, [BuiltInRoles.Viewer], [])), ann);
        await client.Identity.SetPassword(ann, new SetPasswordRequest(Password));
        var made = await client.Repositories.Create(new("default", "moved/key"), key: "move-key");
        var token = await client.Identity.Issue(new IssueTokenRequest(ann, LifeSeconds: 3600));
        return (token.Token, made.Id, await client.Model.Describe());
    }

    private static AedileClient Connect(EmbeddedFleet fleet, string token) =>
        new(new GatewayOptions([fleet.Address]) { Patience = TimeSpan.FromSeconds(30) }, TimeProvider.System)
        {
            Token = token,
        };

    private static Command Move(string from, string to) =>
        new("dotnet", BuildOutput.Silo, "--move", "--from", from, "--data", to);

    private static Task<CommandResult> Start(string data, ImmutableArray<string> options, params string[] kind) =>
        new Command("bash",
        [
            Path.Combine(SourceTree.Root, "run"), .. kind, "--engine", "bundled", "--no-build", "--data", data,
            .. options,
        ]).Run();
}
