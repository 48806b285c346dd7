using Aedile.Client.Repositories;
using Aedile.Dashboard.Components;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Repositories;
using Aedile.Dashboard.SignIn;

namespace Aedile.Tests.Dashboard;

/// <summary>Goal: every word and colour of the pages follows from the facts.</summary>
public sealed class RowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 3, 0, TimeSpan.Zero);

    [Fact]
    public void Process_that_is_not_healthy_comes_first_then_silos_then_agents_by_name()
    {
        var rows = ProcessRow.From(
            [
                Sample.Agent(2), Sample.Agent(1), Sample.Silo(), Sample.Agent(3, ProcessHealth.Unhealthy, "no beat"),
                new ProcessView("node-4", ["storage"], null, null, ProcessHealth.Unknown, null),
            ],
            Now);
        Assert.Equal(["node-3", "node-4", "silo-1", "node-1", "node-2"], rows.Select(r => r.Name));
        Assert.Equal(("unhealthy", Tone.Bad), (rows[0].State, rows[0].Tone));
        Assert.Equal(("3 min", "no beat"), (rows[0].For, rows[0].Detail));
        Assert.Equal(("never seen", "–", "–", "–"), (rows[1].State, rows[1].Pid, rows[1].Address, rows[1].For));
        Assert.Equal(("silo", "127.0.0.1:8480", "4000"), (rows[2].Roles, rows[2].Address, rows[2].Pid));
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(119.9, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7_199, "119 min")]
    [InlineData(7_200, "2 h")]
    [InlineData(172_799, "47 h")]
    [InlineData(172_800, "2 days")]
    public void Duration_is_told_in_one_unit_rounded_down(double seconds, string words) =>
        Assert.Equal(words, Duration.InWords(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(7L, true, true, "none", "up to date", (int)Tone.Good)]
    [InlineData(7L, false, true, "none", "unreachable, up to date when last seen", (int)Tone.Bad)]
    [InlineData(5L, false, false, "waiting", "unreachable, 2 behind", (int)Tone.Bad)]
    [InlineData(5L, true, false, "waiting", "waiting for repair, 2 behind", (int)Tone.Warning)]
    [InlineData(5L, true, false, "none", "2 behind", (int)Tone.Warning)]
    [InlineData(7L, true, false, "waiting", "waiting for repair, content differs", (int)Tone.Warning)]
    [InlineData(8L, true, false, "waiting", "waiting for repair, content differs", (int)Tone.Warning)]
    [InlineData(null, true, false, "fetching", "fetching, content unknown", (int)Tone.Busy)]
    [InlineData(null, true, false, "joining", "joining, content unknown", (int)Tone.Busy)]
    public void Replica_says_what_it_holds_and_what_is_done_about_it(
        long? generation, bool healthy, bool upToDate, string repair, string state, int tone)
    {
        var replica = Sample.Replica(2, generation, healthy, upToDate, repair);
        var row = ReplicaRow.From(replica, Sample.Repository(1, generation: 7));
        Assert.Equal((state, (Tone)tone), (row.State, row.Tone));
    }

    [Fact]
    public void Replica_that_is_not_assigned_says_that_it_goes()
    {
        var replica = Sample.Replica(4, 7) with { Assigned = false };
        var row = ReplicaRow.From(replica, Sample.Repository(1));
        Assert.Equal(("not assigned, will be deleted", Tone.Quiet), (row.State, row.Tone));
    }

    [Fact]
    public void Repository_tells_the_worst_that_is_so()
    {
        var sound = Sample.Repository(1);
        var behind = Sample.Replica(2, 5, upToDate: false, repair: "waiting");
        var gone = Sample.Replica(3, 7, healthy: false);
        Assert.Equal(("in sync", Tone.Good), Words(sound));
        Assert.Equal(("2 of 3 up to date", Tone.Busy),
            Words(sound with { Replicas = sound.Replicas.SetItem(1, behind) }));
        Assert.Equal(("1 of 3 unreachable", Tone.Warning),
            Words(sound with { Replicas = sound.Replicas.SetItem(1, behind).SetItem(2, gone) }));
        Assert.Equal(("read-only", Tone.Bad), Words(sound with { State = "readOnly" }));
        Assert.Equal(("creating", Tone.Busy), Words(sound with { State = "creating" }));
        Assert.Equal("none", RepositoryRow.From(sound with { Primary = null }).Primary);

        static (string, Tone) Words(RepositoryResource repository) =>
            RepositoryRow.From(repository) is var row ? (row.State, row.Tone) : default;
    }

    [Theory]
    [InlineData("/fleet?x=1", "/fleet?x=1")]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    public void Return_address_never_leaves_this_host(string? asked, string given) =>
        Assert.Equal(given, SignInEndpoints.SafeReturn(asked));
}
