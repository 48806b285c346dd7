using System.Collections.Immutable;
using System.Net;
using Aedile.Engine.Membership;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: every store of the membership table keeps what the rules rely on.</summary>
public abstract class MembershipStoreSuite
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_new_fleet_is_empty_and_at_version_0_and_preparing_it_again_changes_nothing()
    {
        var store = await Open("a");
        Assert.True(await store.TryChange(0, new TableChange.Insert(Row(1)), None));
        await store.Prepare(None);
        var other = await Open("b");
        Assert.Equal((1, 1), (await Count(store)));
        Assert.Equal((0, 0), (await Count(other)));
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var store = await Open("a");
        var votes = ImmutableArray.Create(new Suspicion(Silo(2), At(5)), new Suspicion(Silo(3), At(6)));
        var row = Row(1) with { Suspicions = votes };
        Assert.True(await store.TryChange(0, new TableChange.Insert(row), None));
        var read = Assert.Single((await store.Read(None)).Entries);
        Assert.Equal(row.Suspicions, read.Suspicions);
        Assert.Equal(row with { Suspicions = [] }, read with { Suspicions = [] });
    }

    [Fact]
    public async Task A_change_needs_the_version_it_was_decided_on()
    {
        var store = await Open("a");
        Assert.True(await store.TryChange(0, new TableChange.Insert(Row(1)), None));
        Assert.False(await store.TryChange(0, new TableChange.Insert(Row(2)), None));
        Assert.Equal((1, 1), await Count(store));
    }

    [Fact]
    public async Task Of_many_changes_at_once_exactly_one_is_made_for_each_version()
    {
        var store = await Open("a");
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(async number =>
        {
            for (var tries = 0; ; tries++)
            {
                var read = await store.Read(None);
                if (await store.TryChange(read.Version, new TableChange.Insert(Row(number)), None)) return tries;
            }
        }));
        Assert.Equal(8, results.Length);
        Assert.Equal((8, 8), await Count(store));
    }

    [Fact]
    public async Task An_update_changes_status_and_votes_and_keeps_the_beat()
    {
        var store = await Open("a");
        await store.TryChange(0, new TableChange.Insert(Row(1)), None);
        Assert.True(await store.TryBeat(Silo(1), At(9), None));
        var changed = Row(1) with { Status = SiloStatus.ShuttingDown, Name = "ignored" };
        Assert.True(await store.TryChange(1, new TableChange.Update(changed), None));
        var read = Assert.Single((await store.Read(None)).Entries);
        Assert.Equal((SiloStatus.ShuttingDown, "silo-1", At(9)), (read.Status, read.Name, read.AliveAt));
    }

    [Fact]
    public async Task A_beat_keeps_the_version_and_a_dead_or_unknown_silo_has_none()
    {
        var store = await Open("a");
        await store.TryChange(0, new TableChange.Insert(Row(1)), None);
        Assert.True(await store.TryBeat(Silo(1), At(7), None));
        Assert.False(await store.TryBeat(Silo(2), At(7), None));
        await store.TryChange(1, new TableChange.Update(Row(1) with { Status = SiloStatus.Dead }), None);
        Assert.False(await store.TryBeat(Silo(1), At(8), None));
        Assert.Equal(At(7), Assert.Single((await store.Read(None)).Entries).AliveAt);
        Assert.Equal((2, 1), await Count(store));
    }

    [Fact]
    public async Task Removed_rows_are_gone()
    {
        var store = await Open("a");
        await store.TryChange(0, new TableChange.Insert(Row(1)), None);
        await store.TryChange(1, new TableChange.Insert(Row(2)), None);
        await store.TryChange(2, new TableChange.Insert(Row(3)), None);
        Assert.True(await store.TryChange(3, new TableChange.Remove([Silo(1), Silo(3)]), None));
        Assert.Equal([Silo(2)], (await store.Read(None)).Entries.Select(entry => entry.Address));
    }

    [Fact]
    public async Task The_database_says_what_time_it_is()
    {
        var store = await Open("a");
        var before = TimeProvider.System.GetUtcNow();
        var first = (await store.Read(None)).ReadAt;
        Assert.InRange(first, before - TimeSpan.FromSeconds(1), before + TimeSpan.FromMinutes(1));
        Assert.True((await store.Read(None)).ReadAt >= first);
    }

    private protected abstract Task<IMembershipStore> Open(string fleet);

    private static async Task<(long Version, int Rows)> Count(IMembershipStore store)
    {
        var read = await store.Read(None);
        return (read.Version, read.Entries.Length);
    }

    private static DateTimeOffset At(int second) => new(2026, 1, 1, 0, 0, second, 123, TimeSpan.Zero);

    private static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Parse("10.0.0.7"), number, 40 + number);

    private static SiloEntry Row(int number) => new()
    {
        Address = Silo(number),
        Status = SiloStatus.Active,
        StartedAt = At(1),
        AliveAt = At(2),
        Name = $"silo-{number}",
        HostName = "host",
        GatewayPort = 30_000 + number,
    };
}
