using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Storage.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: every session table keeps the one promise: the higher epoch wins, and late words change nothing.
/// </summary>
public abstract class SessionTableSuite : FleetTableSuite
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");
    private static readonly Guid Run = new(1, 0, 0, new byte[8]);

    private ISessionTable Table => Tables.Sessions;

    private Task<SessionRow?> Claim(NodeName node, long attempt = 1, ISessionTable? table = null) =>
        (table ?? Table).Claim(node, before => SessionRules.Claim(before, new SessionClaim(
            node, new AgentIdentity(Run, attempt, new Uri("http://127.0.0.1:1/"), ["storage", "router"], 7, "1.0"), 0,
            null, Run, Time.GetUtcNow())), CancellationToken.None);

    [Fact]
    public async Task What_was_claimed_is_read_as_it_was_written()
    {
        var claimed = (await Claim(Node))!;
        var read = (await Table.Read(0, CancellationToken.None)).Sessions.Single();
        Assert.Equal(claimed.Agent.Roles, read.Agent.Roles);
        Assert.Equal(claimed with { Agent = read.Agent }, read);
        Assert.Equal(claimed.Agent with { Roles = read.Agent.Roles }, read.Agent);
    }

    [Fact]
    public async Task A_late_end_changes_nothing_and_a_timely_one_once()
    {
        var first = (await Claim(Node, attempt: 1))!;
        var second = (await Claim(Node, attempt: 2))!;
        await Table.End(Node, first.Epoch, CancellationToken.None);
        Assert.Null((await Read()).EndedAt);
        await Table.End(Node, second.Epoch, CancellationToken.None);
        await Table.End(Node, second.Epoch, CancellationToken.None);
        Assert.NotNull((await Read()).EndedAt);
        Assert.Equal(second.Change + 1, (await Read()).Change);
    }

    [Fact]
    public async Task A_claim_that_the_rule_refuses_writes_nothing()
    {
        await Claim(Node, attempt: 2);
        var before = await Read();
        Assert.Null(await Claim(Node, attempt: 1));
        Assert.Equal(before.Version, (await Read()).Version);
    }

    [Fact]
    public async Task Readers_get_each_change_once_and_in_order()
    {
        var other = NodeName.Parse("storage-2");
        await Claim(Node);
        await Claim(other);
        var all = await Table.Read(0, CancellationToken.None);
        Assert.Equal([Node, other], all.Sessions.Select(s => s.Node));
        await Table.NoteTold(Node, 1, CancellationToken.None);
        await Table.NoteTold(Node, 1, CancellationToken.None);
        var changed = await Table.Read(all.Version, CancellationToken.None);
        Assert.Equal((Node, 1L), (changed.Sessions.Single().Node, changed.Sessions.Single().Told));
        Assert.Empty((await Table.Read(changed.Version, CancellationToken.None)).Sessions);
    }

    [Fact]
    public async Task Many_silos_that_claim_at_once_get_an_epoch_each()
    {
        var claims = await Task.WhenAll(Enumerable.Range(1, 20).Select(_ => Claim(Node)));
        Assert.Equal(Enumerable.Range(1, 20).Select(e => (long)e), claims.Select(c => c!.Epoch).Order());
    }

    [Fact]
    public async Task Whatever_two_silos_write_at_once_each_claim_has_its_epoch_and_each_change_its_number()
    {
        var seed = Seed.Take();
        var nodes = Enumerable.Range(1, 30).Select(i => NodeName.Parse($"node-{i}")).ToList();
        var claims = await Task.WhenAll(Enumerable.Range(1, 300).Select(_ => ClaimOrEnd(
            nodes[seed.Chance.Next(nodes.Count)], seed.Chance.Next(4),
            seed.Chance.Next(2) == 0 ? Table : Tables.OtherSilo)));

        var rows = (await Table.Read(0, CancellationToken.None)).Sessions;
        foreach (var won in claims.OfType<SessionRow>().GroupBy(claim => claim.Node))
        {
            // None was lost, none given twice; and what came late or was of no effect took none.
            Assert.Equal(Enumerable.Range(1, won.Count()).Select(e => (long)e), won.Select(w => w.Epoch).Order());
            var last = won.MaxBy(w => w.Epoch)!;
            var row = rows.Single(r => r.Node == won.Key);
            Assert.Equal((last.Epoch, last.Agent.Attempt), (row.Epoch, row.Agent.Attempt));
            Assert.True(row.Version > last.Version || (row.Version == last.Version && row.EndedAt is null));
        }

        Assert.Equal(claims.OfType<SessionRow>().Select(c => c.Node).Distinct().Count(), rows.Length);
        Assert.Equal(rows.Length, rows.Select(r => r.Version).Distinct().Count());
        Assert.Equal(rows.Select(r => r.Version).Order(), rows.Select(r => r.Version));
    }

    // An attempt that is lower than one before it is refused; an end may be of an epoch that is no longer, or not yet.
    private async Task<SessionRow?> ClaimOrEnd(NodeName node, int choice, ISessionTable table)
    {
        if (choice > 0) return await Claim(node, attempt: choice, table);
        await table.End(node, epoch: 2, CancellationToken.None);
        return null;
    }

    [Fact]
    public async Task A_silo_beats_until_it_is_forgotten()
    {
        var silo = new SiloRow(
            Run, "silo-1", "127.0.0.1:1@1", new Uri("http://127.0.0.1:1/"), 7, "1.0", Time.GetUtcNow(), 0, null);
        await Table.Register(silo, CancellationToken.None);
        Assert.True(await Table.Beat(Run, "127.0.0.1:1@1", CancellationToken.None));
        await Table.Stop(Run, CancellationToken.None);
        var read = (await Table.Read(0, CancellationToken.None)).Silos.Single();
        Assert.Equal(silo with { Beat = 1, StoppedAt = Time.GetUtcNow() }, read);
        await Table.Forget(Run, CancellationToken.None);
        Assert.False(await Table.Beat(Run, "127.0.0.1:1@1", CancellationToken.None));
        Assert.Empty((await Table.Read(0, CancellationToken.None)).Silos);
    }

    private async Task<SessionRow> Read() =>
        (await Table.Read(0, CancellationToken.None)).Sessions.Single(s => s.Node == Node);
}

/// <summary>The table that tests use.</summary>
public sealed class MemorySessionTableTests : SessionTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.InMemory(Time);
}

/// <summary>The table in SQLite.</summary>
public sealed class SqliteSessionTableTests : SessionTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.InFile(Time);
}

/// <summary>The table in PostgreSQL.</summary>
public sealed class PostgresSessionTableTests(PrivatePostgres postgres) : SessionTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.OnPostgres(postgres, Time);
}
