using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine;

/// <summary>Goal: what a silo does at its start comes in order, can call grains, and stops it if it fails.</summary>
public sealed class StartupTaskTests
{
    [Fact]
    public async Task They_run_in_the_order_of_their_stages()
    {
        var noted = new FixedTask();
        await using var silo = await TestSilo.Start(builder => builder
            .AddStartupTask((services, _) => Tell(services, "last"), ServiceLifecycleStage.Last)
            .AddStartupTask<TellingTask>()
            .AddStartupTask(noted, ServiceLifecycleStage.First)
            .AddStartupTask((services, _) => Tell(services, $"{noted.Runs}"), ServiceLifecycleStage.RuntimeInitialize));
        Assert.Equal(["1", "telling", "last"], silo.Stage.Story);
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine runs those of one stage side by side.
    public async Task Those_of_one_stage_run_one_after_the_other_in_the_order_of_registration()
    {
        await using var silo = await TestSilo.Start(builder => builder
            .AddStartupTask(async (services, _) =>
            {
                await Tell(services, "begins");
                await Task.Yield();
                await Tell(services, "ends");
            })
            .AddStartupTask<TellingTask>());
        Assert.Equal(["begins", "ends", "telling"], silo.Stage.Story);
    }

    [Fact]
    public async Task They_can_call_grains()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddStartupTask(
            (services, _) => services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>("a").Add(5)));
        Assert.Equal(5, await silo.Tally("a").Sum());
    }

    [Fact]
    public async Task One_that_fails_stops_the_start_with_its_error()
    {
        var stage = new Stage();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestSilo.Start(builder =>
        {
            builder.AddStartupTask((_, _) => throw new InvalidOperationException("Not today."));
            builder.AddStartupTask((_, _) => Tell(stage, "never"), ServiceLifecycleStage.Last);
        }));
        Assert.Equal("Not today.", error.Message);
        Assert.Empty(stage.Story);
    }

    private static Task Tell(IServiceProvider services, string line) =>
        Tell(services.GetRequiredService<Stage>(), line);

    private static Task Tell(Stage stage, string line)
    {
        stage.Tell(line);
        return Task.CompletedTask;
    }

    private sealed class TellingTask(IServiceProvider services) : IStartupTask
    {
        public Task Execute(CancellationToken cancellationToken) => Tell(services, "telling");
    }

    private sealed class FixedTask : IStartupTask
    {
        public int Runs { get; private set; }

        public Task Execute(CancellationToken cancellationToken)
        {
            Runs++;
            return Task.CompletedTask;
        }
    }
}
