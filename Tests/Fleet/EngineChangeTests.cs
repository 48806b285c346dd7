using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: a fleet that was stopped with one engine goes on with the other one, with all its state. It needs both builds.
/// </summary>
[Trait("Builds", "Both")]
public sealed class EngineChangeTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_stopped_fleet_goes_on_with_the_other_engine_and_back()
    {
        await using var fleet = await Start("bundled");
        var (repository, work) = await fleet.NewRepository("from/bundled");
        using var _ = work;
        await Change(fleet, "orleans");
        await MustHave(work);
        Assert.Equal(repository.Path, (await fleet.Api.Get(repository.Id)).Path);
        await Push(work, "with the official engine");
        var (_, other) = await fleet.NewRepository("from/orleans");
        using var __ = other;

        await Change(fleet, "bundled");
        await MustHave(work);
        await MustHave(other);
        await Push(work, "with the bundled engine again");
        Assert.Equal(repository.Generation + 3, (await fleet.Api.Get(repository.Id)).Generation);
        await fleet.Stop();
        Assert.Empty(fleet.Leaks());
    }

    [Theory(Timeout = 300_000)]
    [InlineData("bundled", "orleans")]
    [InlineData("orleans", "bundled")]
    public async Task After_kill_9_of_everything_the_other_engine_takes_over(string first, string second)
    {
        await using var fleet = await Start(first);
        var (_, work) = await fleet.NewRepository("killed");
        using var __ = work;
        await fleet.KillEverything();
        fleet.Engine = second;
        await fleet.Run();
        await MustHave(work);
        await Push(work, "after the change");
    }

    private static Task<EmbeddedFleet> Start(string engine) => EmbeddedFleet.Start(2, silos: 2, engine: engine);

    private static async Task Change(EmbeddedFleet fleet, string engine)
    {
        await fleet.Stop();
        fleet.Engine = engine;
        await fleet.Run();
    }

    private static async Task MustHave(GitWork work)
    {
        await Eventually.True("it can be read", TimeSpan.FromSeconds(60), async () =>
            (await work.Git("ls-remote", work.Url)).ExitCode == 0);
        using var clone = await GitWork.Clone(work.Url);
        Assert.Equal(await work.Head(), await clone.Head());
    }

    private static async Task Push(GitWork work, string message)
    {
        await work.Commit(message);
        await Eventually.True($"a push {message}", TimeSpan.FromSeconds(60), async () =>
            (await work.Git("push", work.Url, "main")).ExitCode == 0);
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }
}
