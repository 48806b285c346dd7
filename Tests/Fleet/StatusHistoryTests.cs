using Aedile.Agent.Fleet;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: whatever is lost, repeated or late between an agent and its silos, each silo ends with what the agent said
/// last, and never shows it in another order.
/// </summary>
public sealed class StatusHistoryTests
{
    // Doubled without an end, rare seeds reach millions of messages.
    private const int RepeatedMax = 1_000;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static NodeStatus Status(int replicas, long free = 500) => new(
        new MachineStatus("Linux", "1.0", 2, 1000, 500, 1000, free),
        new StorageStatus(replicas, 0, 0, 0, false, false));

    [Fact]
    public void What_moved_far_is_news_at_once_and_the_rest_after_a_minute()
    {
        var history = StatusHistory.Begin(Status(1));
        Assert.Same(history, history.Look(Status(1), Long));
        Assert.Same(history, history.Look(Status(1, free: 491), TimeSpan.FromSeconds(59)));
        Assert.Equal(2, history.Look(Status(1, free: 491), TimeSpan.FromMinutes(1)).Sequence);
        Assert.Equal(2, history.Look(Status(1, free: 489), TimeSpan.Zero).Sequence);
        var next = history.Look(Status(2), TimeSpan.Zero);
        Assert.Equal((2L, Status(2)), (next.Sequence, next.Status));
        Assert.Equal([new SessionMessage.StatusEvent(2, false, null, Status(2).Storage)], next.After(1));
    }

    [Fact]
    public void Who_lacks_more_than_is_kept_gets_a_snapshot()
    {
        var history = StatusHistory.Begin(Status(0));
        for (var i = 1; i <= 200; i++) history = history.Look(Status(i), TimeSpan.Zero);
        Assert.Equal(201, history.Sequence);
        Assert.Empty(history.After(201));
        Assert.Empty(history.After(500));
        Assert.Equal(StatusHistory.RecentMax, history.After(201 - StatusHistory.RecentMax).Length);
        var snapshot = Assert.Single(history.After(200 - StatusHistory.RecentMax));
        Assert.Equal((201L, true, Status(200).Storage), (snapshot.Sequence, snapshot.IsSnapshot, snapshot.Storage));
        Assert.Equal(snapshot, Assert.Single(history.After(0)));
    }

    [Fact]
    public void An_event_counts_once_in_its_order_and_a_gap_is_asked_about_once()
    {
        var history = StatusHistory.Begin(Status(0)).Look(Status(1), TimeSpan.Zero).Look(Status(2), TimeSpan.Zero);
        var events = history.After(1);
        var intake = StatusIntake.Empty;
        Assert.Equal(StatusNews.Gap, Take(events[0]));
        Assert.Equal(StatusNews.None, Take(events[1]));
        Assert.Equal(StatusNews.Changed, Take(StatusHistory.Begin(Status(0)).After(0)[0]));
        Assert.Equal(StatusNews.Gap, Take(events[1]));
        Assert.Equal(StatusNews.Changed, Take(events[0]));
        Assert.Equal(StatusNews.None, Take(events[0]));
        Assert.Equal(StatusNews.Changed, Take(events[1]));
        Assert.Equal((3L, Status(2), false), (intake.Sequence, intake.Status, intake.IsAsked));

        StatusNews Take(SessionMessage.StatusEvent said)
        {
            (intake, var news) = intake.Take(said);
            return news;
        }
    }

    [Fact]
    public void After_any_losses_and_repetitions_the_silo_has_what_the_agent_said_last()
    {
        var seed = Seed.Take();
        for (var round = 0; round < Seed.Rounds(50); round++)
        {
            var history = StatusHistory.Begin(Status(0));
            var intake = StatusIntake.Empty;
            var wire = new List<SessionMessage.StatusEvent>(history.After(0));
            long shown = 0;
            for (var step = 0; step < 300; step++)
            {
                var before = history.Sequence;
                history = history.Look(Status(seed.Chance.Next(1000)), Long);
                wire.AddRange(history.After(before));
                if (seed.Chance.Next(4) == 0) wire.RemoveAll(_ => seed.Chance.Next(2) == 0); // Another session.
                else if (wire.Count < RepeatedMax && seed.Chance.Next(4) == 0) wire.AddRange(wire.ToList());
                // A new session asks for what it lacks; so does one that sees a gap.
                if (seed.Chance.Next(20) == 0) intake = intake with { IsAsked = false };
                while (wire.Count > 0 && seed.Chance.Next(5) > 0) Deliver();
            }

            intake = intake with { IsAsked = false };
            wire.AddRange(history.After(intake.Sequence));
            while (wire.Count > 0) Deliver();
            Assert.Equal((history.Sequence, history.Status), (intake.Sequence, intake.Status));

            void Deliver()
            {
                var said = wire[0];
                wire.RemoveAt(0);
                (intake, var news) = intake.Take(said);
                Assert.True(intake.Sequence >= shown);
                shown = intake.Sequence;
                if (news is StatusNews.Gap) wire.AddRange(history.After(intake.Sequence));
            }
        }
    }

    [Theory]
    [InlineData("/data/agent", true)]
    [InlineData("/data", true)]
    [InlineData("/database", false)]
    [InlineData("/data/agent/rw/x", false)]
    [InlineData("/with space/x", true)]
    public void A_folder_is_read_only_as_the_deepest_mount_above_it_is(string folder, bool isReadOnly)
    {
        string[] mounts =
        [
            "/dev/a / ext4 rw,relatime 0 0", "/dev/b /data ext4 ro,relatime 0 0", "/dev/c /data/agent/rw ext4 rw 0 0",
            @"/dev/d /with\040space ext4 ro 0 0",
        ];
        Assert.Equal(isReadOnly, MachineProbe.IsReadOnly(mounts, folder));
    }

    [Fact]
    public void A_look_at_this_machine_says_something_of_everything()
    {
        using var folder = new TestFolder("machine");
        var probe = new MachineProbe(folder.Path, "1.2.3");
        var seen = probe.Look();
        Assert.Equal("1.2.3", seen.AgentVersion);
        Assert.NotEmpty(seen.System);
        Assert.InRange(seen.Cores, 1, 4096);
        Assert.InRange(seen.MemoryAvailableBytes, 1, seen.MemoryBytes);
        Assert.InRange(seen.DiskFreeBytes, 1, seen.DiskBytes);
        Assert.False(probe.IsReadOnly());
    }
}
