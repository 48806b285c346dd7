using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: the product as <c>./run fleet</c> starts it, under pushes of stock git through every silo, while silos and the
/// database come and go: what was acknowledged is kept, in all replicas, and each push ends within its limit.
/// </summary>
public sealed class FleetLossTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    // The gateway's own limit for a push whose outcome it waits for is below that; git itself sets none.
    private static readonly TimeSpan PushMax = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 3_600_000)]
    public async Task Every_push_is_kept_while_silos_and_the_database_come_and_go()
    {
        var seed = Seed.Take();
        await using var fleet = await EmbeddedFleet.Start(3, silos: 3);
        var repositories = new List<(RepositoryId Id, GitWork Work)>();
        var pushers = new List<AtomicPusher>();
        using var stop = new CancellationTokenSource();
        List<Task> streams = [];
        try
        {
            foreach (var path in new[] { "chaos/one", "chaos/two" })
            {
                var (repository, work) = await fleet.NewRepository(path);
                repositories.Add((repository.Id, work));
                for (var silo = 1; silo <= 3; silo++)
                    pushers.Add(new AtomicPusher(await GitWork.Clone(fleet.GitUrl(path, silo)), $"p{silo}"));
            }

            streams.AddRange(pushers.Select(pusher => pusher.PushUntil(stop.Token)));
            await WhenAllPushed(pushers);
            for (var round = 0; round < Seed.Rounds(1); round++)
            {
                // A rolling restart stops each silo in order; while one hangs, the database is killed too.
                string[] faults = Seed.IsLong
                    ? ["kill", "hang", "stop", "rolling restart", "database", "hang and database"]
                    : ["kill", "hang and database", "rolling restart"];
                seed.Chance.Shuffle(faults);
                foreach (var fault in faults) await Suffer(fleet, fault, 1 + seed.Chance.Next(3), pushers, streams);
            }

            await stop.CancelAsync();
            await Task.WhenAll(streams);
            for (var i = 0; i < repositories.Count; i++)
            {
                await fleet.MustHaveHealed(
                    repositories[i].Id, repositories[i].Work, pushers.Skip(3 * i).Take(3));
            }
        }
        finally
        {
            // Folders that git still writes to can't be deleted, and that error would hide why the test failed.
            await stop.CancelAsync();
            await Task.WhenAny(Task.WhenAll(streams));
            pushers.ForEach(pusher => pusher.Dispose());
            repositories.ForEach(repository => repository.Work.Dispose());
        }

        var longest = pushers.Max(pusher => pusher.Longest);
        Say($"{pushers.Sum(p => p.Acknowledged)} acknowledged, {pushers.Sum(p => p.Refused)} not; longest {longest}");
        Assert.True(longest < PushMax, $"A push ended only after {longest}.");
    }

    private static async Task Suffer(
        EmbeddedFleet fleet, string fault, int silo, List<AtomicPusher> pushers, List<Task> streams)
    {
        var began = TimeProvider.System.GetTimestamp();
        var refused = pushers.Sum(pusher => pusher.Refused);
        switch (fault)
        {
            case "hang" or "hang and database":
                var hung = fleet.Find($"silo-{silo}").Pid;
                await Signals.Send("STOP", hung);
                if (fault != "hang") await fleet.Signal("postgres", "KILL");
                await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System); // The hang, not a wait for a state.
                await Signals.Send("CONT", hung);
                break;
            case "rolling restart":
                for (var each = 1; each <= 3; each++)
                {
                    await fleet.Signal($"silo-{each}", "TERM");
                    await WhenItServes(fleet, each);
                }

                break;
            case "database": await fleet.Signal("postgres", "KILL"); break;
            default: await fleet.Signal($"silo-{silo}", fault == "kill" ? "KILL" : "TERM"); break;
        }

        // Through every silo, also through the one that was away: its supervisor starts it again.
        await WhenAllPushed(pushers);
        Assert.DoesNotContain(streams, stream => stream.IsFaulted);
        Say($"{fault} (silo {silo}): all push {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s later, "
            + $"{pushers.Sum(pusher => pusher.Refused) - refused} pushes refused");
    }

    private static async Task WhenItServes(EmbeddedFleet fleet, int silo)
    {
        using var api = new FleetApi(new Uri($"http://127.0.0.1:{fleet.Port + silo - 1}"), fleet.Token);
        var old = fleet.Find($"silo-{silo}").Pid;
        await Eventually.True($"silo {silo} has ended", Soon, () => Task.FromResult(!Signals.IsAlive(old)));
        await Eventually.True($"silo {silo} serves", Soon, async () =>
            await api.Status(HttpMethod.Get, "/readyz") == System.Net.HttpStatusCode.OK);
    }

    private static Task WhenAllPushed(List<AtomicPusher> pushers)
    {
        var goals = pushers.Select(pusher => pusher.Acknowledged + 2).ToList();
        return Eventually.True("every writer has pushed twice more", Soon, () =>
        {
            var behind = pushers.Where((pusher, i) => pusher.Acknowledged < goals[i]).ToList();
            return behind.Count == 0 ? Task.FromResult(true)
                : throw new InvalidOperationException($"{behind.Count} have not: {behind[0].LastRefusal}");
        });
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
