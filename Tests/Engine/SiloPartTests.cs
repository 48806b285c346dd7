using Aedile.Engine.Runtime;
using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine;

/// <summary>Goal: the parts of a silo start and stop in order, also when one of them or a startup task fails.</summary>
public sealed class SiloPartTests
{
    [Fact]
    public async Task What_has_started_is_stopped_when_a_startup_task_fails()
    {
        var part = new NotedPart();
        var stage = new Stage();
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestSilo.Start(builder =>
        {
            builder.Services.AddSingleton(stage).AddSingleton<ISiloPart>(part);
            builder.AddStartupTask((services, _) =>
                services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>("a").Add(5));
            builder.AddStartupTask((_, _) => throw new InvalidOperationException("Not today."));
        }));
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
