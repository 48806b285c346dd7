using Aedile.Engine.Runtime;
using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine;

/// <summary>Goal: what a silo does at its start comes in order, can call grains, and stops it if it fails.</summary>
public sealed class StartupTaskTests
{
    [Fact]
    public async Task They_run_one_after_the_other_in_the_order_of_their_stages_and_then_of_registration()
    {
        var noted = new FixedTask();
        await using var silo = await TestSilo.Start(builder => builder
            .AddStartupTask((services, _) => Tell(services, "last"), ServiceLifecycleStage.Last)
            .AddStartupTask(async (services, _) =>
            {
                await Tell(services, "begins");
                await Task.Yield();
                await Tell(services, "ends");
            })
            .AddStartupTask<TellingTask>()
            .AddStartupTask(noted, ServiceLifecycleStage.First)
            .AddStartupTask((services, _) => Tell(services, $"{noted.Runs}"), ServiceLifecycleStage.RuntimeInitialize));
        Assert.Equal(["1", "begins", "ends", "telling", "last"], silo.Stage.Story);
    }

    [Fact]
    public async Task They_can_call_grains()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddStartupTask(
            (services, _) => services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>("a").Add(5)));
        Assert.Equal(5, await silo.Tally("a").Sum());
    }

    [Fact]
    public async Task One_that_fails_stops_the_silo_with_its_error_and_what_has_started_is_stopped()
    {
        var part = new NotedPart();
        var stage = new Stage();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestSilo.Start(builder =>
        {
            builder.Services.AddSingleton(stage).AddSingleton<ISiloPart>(part);
            builder.AddStartupTask((services, _) =>
                services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>("a").Add(5));
            builder.AddStartupTask((_, _) => throw new InvalidOperationException("Not today."));
            builder.AddStartupTask((services, _) => Tell(services, "never"));
        }));
        Assert.Equal("Not today.", error.Message);
        Assert.Equal(["started", "stopped"], part.Story);
        Assert.Equal(["a deactivated: ShuttingDown"], stage.Story);
    }

    [Fact]
    public async Task Parts_stop_in_the_other_order_before_the_grains_and_one_that_fails_holds_nothing_up()
    {
        var first = new NotedPart { Stage = 1 };
        var second = new NotedPart { Stage = 2, Failure = new IOException("Stuck.") };
        await using var silo = await TestSilo.Start(
            builder => builder.Services.AddSingleton<ISiloPart>(second).AddSingleton<ISiloPart>(first));
        await silo.Tally("a").Add(1);
        first.Stopping = () => first.Story.Add(string.Join(',', second.Story) + $" and {silo.Host.Activations} grain");
        await silo.Host.Stop(default);
        Assert.Equal(["started", "started,stopped and 1 grain", "stopped"], first.Story);
    }

    private static Task Tell(IServiceProvider services, string line)
    {
        services.GetRequiredService<Stage>().Tell(line);
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

    private sealed class NotedPart : ISiloPart
    {
        public List<string> Story { get; } = [];

        public int Stage { get; init; }

        public Exception? Failure { get; init; }

        public Action? Stopping { get; set; }

        public Task Start(CancellationToken cancellationToken)
        {
            Story.Add("started");
            return Task.CompletedTask;
        }

        public Task Stop(CancellationToken cancellationToken)
        {
            Stopping?.Invoke();
            Story.Add("stopped");
            return Failure is { } failure ? throw failure : Task.CompletedTask;
        }
    }
}
