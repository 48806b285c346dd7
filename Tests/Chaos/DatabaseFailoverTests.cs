using System.Data.Common;
using Aedile.Silo.Storage;
using Aedile.Tests.Counters;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: a fleet whose PostgreSQL dies goes on, by itself, with the synchronous standby that takes its place: nothing
/// that was acknowledged is lost, and the time in which calls fail is bounded.
/// </summary>
public sealed class DatabaseFailoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // From the moment at which the standby takes writes: two beats, and a second in which its role is not asked anew.
    private static readonly TimeSpan HealingMax = TimeSpan.FromSeconds(5);

    private readonly PostgresProcess _primary = new();

    public async ValueTask InitializeAsync() => await _primary.Start();

    public ValueTask DisposeAsync() => _primary.DisposeAsync();

    // Within the silos' leases, and in ./test long also after them.
    public static TheoryData<int> Delays => Seed.IsLong ? [0, 2, 8] : [2];

    [Theory(Timeout = 120_000), MemberData(nameof(Delays))]
    public async Task A_synchronous_standby_takes_over_and_nothing_is_lost(int secondsUntilPromoted)
    {
        var database = await _primary.NewDatabase();
        await using var standby = await _primary.StartStandby();
        await using var fleet = await CounterFleet.Start(EitherOf(database, standby), silos: 3);
        fleet.Load(callers: 20);
        await fleet.WhenAnswered(200, Soon);

        await _primary.Kill();
        var clock = CounterFleet.Clock;
        var killed = clock.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(secondsUntilPromoted), clock); // Whoever decides on it takes a while.
        await standby.Promote();
        var promoted = clock.GetElapsedTime(killed);
        await fleet.WhenAnswered(500, Soon);
        await fleet.WhenAllAnswer(Soon);

        var (silence, failure) = fleet.Ledger.Worst(killed);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"promoted after {promoted.TotalSeconds:0.00} s; no answer for {silence.TotalSeconds:0.00} s; "
            + $"the longest failed call took {failure.TotalSeconds:0.00} s; {fleet.Ledger.Failures.Length} failed");
        Assert.True(silence < promoted + HealingMax, $"no answer for {silence}, promoted after {promoted}");
        Assert.True(failure < TimeSpan.FromSeconds(11), $"a call failed only after {failure}");
        await fleet.MustHaveLostNothing();
        Assert.All(fleet.Silos, silo => Assert.False(silo.HasEnded, silo.Console));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_commit_that_no_standby_has_is_not_acknowledged_however_long_it_waits()
    {
        // Npgsql's own default: it asks the server to cancel, and the server then answers that all went well.
        var database = SiloDatabase.OnPostgres(
            new NpgsqlConnectionStringBuilder(await _primary.NewDatabase()) { CancellationTimeout = 2_000 }.ToString());
        await using var standby = await _primary.StartStandby();
        await using var connection = await database.Open();
        await connection.Execute("CREATE TABLE kept (id int)", CancellationToken.None);
        await standby.Kill();
        await using var insert = connection.Prepare("INSERT INTO kept VALUES (1)");
        insert.CommandTimeout = 1;
        await Assert.ThrowsAnyAsync<DbException>(() => insert.ExecuteNonQueryAsync(CancellationToken.None));
    }

    // As an operator would write it: whichever of the two takes writes, asked anew every second.
    private string EitherOf(string database, PostgresProcess standby) =>
        new NpgsqlConnectionStringBuilder(database)
        {
            Host = $"127.0.0.1:{_primary.Port},127.0.0.1:{standby.Port}",
            TargetSessionAttributes = "primary",
            HostRecheckSeconds = 1,
        }.ToString();
}
