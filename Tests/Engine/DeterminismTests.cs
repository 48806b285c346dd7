using System.Security.Cryptography;
using System.Text;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine;

/// <summary>Goal: on one thread, virtual time and one seed the engine does the same thing to the last event.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public void The_same_seed_gives_the_same_run_and_another_seed_another(int seed)
    {
        var first = Run(seed);
        Assert.Equal(first, Run(seed));
        Assert.NotEqual(first, Run(seed + 1));
    }

    // Callers, timers, chains, a crash and a restart, all on this thread. Returns the hash of everything that happened.
    private static string Run(int seed)
    {
        var clock = new ManualTime();
        var scheduler = new SeededScheduler(seed);
        var random = new Random(seed);
        var stage = new Stage();
        var thread = Environment.CurrentManagedThreadId;

        for (var life = 1; life <= 2; life++)
        {
            stage.Tell($"life {life}");
            var host = Build(clock, scheduler, stage, life);
            Start(() => host.Start(CancellationToken.None));
            for (var caller = 0; caller < 8; caller++)
            {
                var name = $"c{caller}";
                var script = new Random(random.Next());
                Start(() => Call(host.Grains, stage, script, name, thread));
            }

            for (var step = 0; step < 50; step++)
            {
                scheduler.RunUntilIdle();
                clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 400)));
            }

            host.Crash();
            scheduler.RunUntilIdle();
        }

        Assert.True(stage.Story.Count > 300, $"only {stage.Story.Count} events");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', stage.Story))));

        void Start(Func<Task> work)
        {
            Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler);
            scheduler.RunUntilIdle();
        }
    }

    private static SiloHost Build(ManualTime clock, SeededScheduler scheduler, Stage stage, int life)
    {
        var seams = new SiloSeams
        {
            Clock = clock,
            Scheduler = scheduler,
            Parts = [typeof(DeterminismTests).Assembly],
            Generation = life,
        };
        return SiloHost.Build(seams, silo =>
        {
            silo.Services.AddSingleton(stage);
            silo.AddMemoryGrainStorageAsDefault();
        });
    }

    private static async Task Call(IGrainFactory grains, Stage stage, Random script, string name, int thread)
    {
        for (var i = 0; i < 20; i++)
        {
            var key = $"g{script.Next(4)}";
            try
            {
                var tally = grains.GetGrain<ITallyGrain>(key);
                var answer = script.Next(4) switch
                {
                    0 => await tally.Chain([$"g{script.Next(4)}", key], allowReentrancy: script.Next(2) == 0),
                    1 => $"{await tally.Add(script.Next(10))}",
                    2 => $"{await grains.GetGrain<ITimerGrain>(key).Count()}",
                    _ => await Store(grains.GetGrain<ILedgerGrain>(key), script.Next(100)),
                };
                stage.Tell($"{name}.{i} {key}: {answer}");
            }
            catch (Exception error) when (error is TimeoutException or SiloUnavailableException)
            {
                stage.Tell($"{name}.{i} {key}: {error.GetType().Name}");
            }

            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        }
    }

    private static async Task<string> Store(ILedgerGrain grain, int number)
    {
        await grain.Store(number);
        return $"stored {number}";
    }
}
