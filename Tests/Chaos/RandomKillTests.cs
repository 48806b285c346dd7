using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>Goal: kill -9 at any moment under load loses nothing that was acknowledged and halves nothing.</summary>
public sealed class RandomKillTests(ThreeAgentFleet fleet) : IClassFixture<ThreeAgentFleet>
{
    [Theory(Timeout = 3_600_000)]
    [InlineData("agent", 3)]
    [InlineData("silo", 3)]
    [InlineData("everything", 3)]
    public async Task Every_push_is_kept_or_wholly_absent_after_kills_of(string target, int rounds)
    {
        var seed = Seed.Take();
        var (repository, work) = await fleet.NewRepository("chaos/random-" + target);
        using var _ = work;
        var pushers = new List<AtomicPusher>();
        try
        {
            for (var i = 0; i < 3; i++) pushers.Add(new AtomicPusher(await GitWork.Clone(work.Url), $"p{i}"));
            for (var round = 0; round < Seed.Rounds(rounds); round++)
            {
                using var stop = new CancellationTokenSource();
                var before = pushers.Sum(p => p.Acknowledged);
                var streams = pushers.Select(p => p.PushUntil(stop.Token)).ToList();
                await Eventually.True("the streams flow", TimeSpan.FromSeconds(60), () =>
                    Task.FromResult(pushers.Sum(p => p.Acknowledged) > before));
                await Task.Delay(TimeSpan.FromMilliseconds(seed.Chance.Next(0, 1000)), TimeProvider.System);
                await Kill(target, seed.Chance);
                await Task.Delay(TimeSpan.FromMilliseconds(seed.Chance.Next(0, 1000)), TimeProvider.System);
                await stop.CancelAsync();
                await Task.WhenAll(streams);
                await fleet.MustHaveHealed(repository.Id, work, pushers);
            }
            var total = pushers.Sum(p => p.Acknowledged);
            TestContext.Current.TestOutputHelper?.WriteLine($"{total} acknowledged, {pushers.Sum(p => p.Refused)} not");
        }
        finally { pushers.ForEach(p => p.Dispose()); }
    }

    private async Task Kill(string target, Random chance)
    {
        fleet.Remember();
        switch (target)
        {
            case "everything":
                await fleet.RestartAll();
                break;
            case "silo":
                await Signals.Send("KILL", fleet.Silo().Pid);
                break;
            default:
                var agents = fleet.Agents();
                await Signals.Send("KILL", agents[chance.Next(agents.Length)].Pid);
                break;
        }
    }
}
