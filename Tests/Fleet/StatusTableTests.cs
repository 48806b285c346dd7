using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Storage.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: what a silo of the past writes of a node has no effect, nor has what was said before.</summary>
public abstract class StatusTableSuite : FleetTableSuite
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");
    private static readonly Guid Boot = new(1, 0, 0, new byte[8]);

    private IStatusTable Statuses => Tables.Statuses;

    private Task<SessionRow?> Begin(Guid boot, long attempt) => Tables.Sessions.Claim(
        Node, before => SessionRules.Claim(before, new SessionClaim(
            Node, new AgentIdentity(boot, attempt, new Uri("http://127.0.0.1:1/"), [], 7, "1.0"), 0, null, boot,
            Time.GetUtcNow())), CancellationToken.None);

    private Task Write(long epoch, long sequence, Guid? boot = null) => Statuses.Write(
        [new StatusRow(Node, epoch, boot ?? Boot, sequence, $"{epoch}.{sequence} ü", Time.GetUtcNow())],
        CancellationToken.None);

    private async Task<string?> Shown() =>
        (await Statuses.Read(0, CancellationToken.None)).Rows.SingleOrDefault()?.Content;

    [Fact]
    public async Task What_was_written_is_read_as_it_was()
    {
        await Begin(Boot, 1);
        await Write(1, 4);
        var (version, rows) = await Statuses.Read(0, CancellationToken.None);
        Assert.Equal(new StatusRow(Node, 1, Boot, 4, "1.4 ü", Time.GetUtcNow()), rows.Single());
        Assert.Empty((await Statuses.Read(version, CancellationToken.None)).Rows);
        await Write(1, 5);
        Assert.Equal("1.5 ü", (await Statuses.Read(version, CancellationToken.None)).Rows.Single().Content);
    }

    [Fact]
    public async Task An_event_that_comes_late_or_again_changes_nothing()
    {
        await Begin(Boot, 1);
        await Write(1, 4);
        var (version, _) = await Statuses.Read(0, CancellationToken.None);
        await Write(1, 4);
        await Write(1, 3);
        Assert.Empty((await Statuses.Read(version, CancellationToken.None)).Rows);
        Assert.Equal("1.4 ü", await Shown());
    }

    [Fact]
    public async Task A_silo_whose_session_was_overtaken_writes_nothing()
    {
        await Begin(Boot, 1);
        await Write(1, 4);
        await Begin(Boot, 2);
        // Before the new silo has said a word, and after it.
        await Write(1, 9);
        Assert.Equal("1.4 ü", await Shown());
        await Write(2, 5);
        await Write(1, 9);
        Assert.Equal("2.5 ü", await Shown());
        // The new silo knows less than was shown already, for now.
        await Begin(Boot, 3);
        await Write(3, 4);
        Assert.Equal("2.5 ü", await Shown());
        await Write(3, 6);
        Assert.Equal("3.6 ü", await Shown());
    }

    [Fact]
    public async Task Another_run_of_the_agent_begins_its_count_anew()
    {
        var other = new Guid(2, 0, 0, new byte[8]);
        await Begin(Boot, 1);
        await Write(1, 40);
        await Begin(other, 1);
        await Write(2, 1, other);
        Assert.Equal("2.1 ü", await Shown());
        await Write(1, 41);
        Assert.Equal("2.1 ü", await Shown());
    }

    [Fact]
    public async Task A_node_without_a_session_has_nothing_to_say()
    {
        await Write(1, 1);
        Assert.Null(await Shown());
    }
}

/// <summary>The table that tests use.</summary>
public sealed class MemoryStatusTableTests : StatusTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.InMemory(Time);
}

/// <summary>The table in SQLite.</summary>
public sealed class SqliteStatusTableTests : StatusTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.InFile(Time);
}

/// <summary>The table in PostgreSQL.</summary>
public sealed class PostgresStatusTableTests(PrivatePostgres postgres) : StatusTableSuite
{
    private protected override Task<FleetTables> Open() => FleetTables.OnPostgres(postgres, Time);
}
