using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Filters;

/// <summary>Goal: what runs around a grain's calls runs in order, in the grain's turn, and has the last word.</summary>
public sealed class IncomingFilterTests
{
    [Fact]
    public async Task They_run_in_the_order_of_their_registration_then_the_grain_itself_then_the_method()
    {
        await using var silo = await Start(builder => builder
            .AddIncomingGrainCallFilter(new TellingFilter("one"))
            .AddIncomingGrainCallFilter<TypedFilter>()
            .FilterServed(context => new TellingFilter("three").Invoke(context)));
        silo.Stage.Tell("begin");
        Assert.Equal(4, await Grain(silo).Double(2));
        Assert.Equal(
            [
                "begin", "one before", "typed before", "three before", "grain before Double", "double 2",
                "grain after Double", "three after", "typed after", "one after",
            ],
            silo.Stage.Story);
    }

    [Fact]
    public async Task A_filter_reads_and_changes_results_of_methods_that_end_at_once_or_later()
    {
        var seen = new List<object?>();
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            await context.Invoke();
            lock (seen) seen.Add(context.Result);
            context.Result = context.Result switch { int number => number + 1, string => null, var other => other };
        }));
        Assert.Equal(5, await Grain(silo).Double(2));
        Assert.Null(await Grain(silo).Say("hello"));
        await Grain(silo).Do();
        Assert.Equal([4, "hello", null], seen);
    }

    [Fact]
    public async Task What_a_filter_throws_is_the_outcome_and_the_method_does_not_run()
    {
        await using var silo = await Start(builder => builder.FilterServed(
            _ => throw new UnauthorizedAccessException("Not you.")));
        var error = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Grain(silo).Double(2));
        Assert.Equal("Not you.", error.Message);
        Assert.Empty(silo.Stage.Story);
    }

    [Fact]
    public async Task A_filter_may_answer_itself()
    {
        await using var silo = await Start(builder => builder.FilterServed(context =>
        {
            if (context.MethodName == "Double") context.Result = 42;
            return Task.CompletedTask;
        }));
        Assert.Equal(42, await Grain(silo).Double(2));
        Assert.Empty(silo.Stage.Story);
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine says it in other words.
    public async Task A_filter_may_not_say_nothing()
    {
        await using var silo = await Start(builder => builder.FilterServed(_ => Task.CompletedTask));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Grain(silo).Do());
        Assert.Contains("neither went on with IFilteredGrain.Do", error.Message, StringComparison.Ordinal);
        Assert.Empty(silo.Stage.Story);
    }

    [Fact]
    public async Task An_error_that_a_filter_swallows_is_still_the_outcome_unless_it_sets_another()
    {
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidOperationException error)
            {
                Assert.Null(context.Result);
                if (error.Message == "forgivable") context.Result = null;
            }
        }));
        await Grain(silo).Fail("forgivable");
        var left = await Assert.ThrowsAsync<InvalidOperationException>(() => Grain(silo).Fail("grave"));
        Assert.Equal("grave", left.Message);
    }

    [Fact]
    public async Task A_filter_may_go_on_once_more_when_the_call_has_ended()
    {
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            await context.Invoke();
            await context.Invoke();
        }));
        Assert.Equal(6, await Grain(silo).Double(3));
        Assert.Equal(2, silo.Stage.Story.Count(line => line == "double 3"));
        Assert.Equal(2, silo.Stage.Story.Count(line => line == "grain before Double"));
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine names other types.
    public async Task A_result_of_another_type_is_an_error_that_names_both()
    {
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            await context.Invoke();
            context.Result = "four";
        }));
        var error = await Assert.ThrowsAsync<InvalidCastException>(() => Grain(silo).Double(2));
        Assert.Contains("IFilteredGrain.Double to System.String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Engine", "Bundled")] // To the official engine, a caller outside of grains is a client with an id.
    public async Task A_filter_learns_who_calls_whom_and_what()
    {
        var seen = new List<string>();
        await using var silo = await Start(builder => builder.FilterServed(context =>
        {
            lock (seen)
            {
                seen.Add($"{context.SourceId?.ToString() ?? "nobody"} -> {context.TargetId} "
                    + $"{context.InterfaceType} {context.InterfaceName}.{context.InterfaceMethod.Name} "
                    + $"{context.ImplementationMethod.DeclaringType!.Name} {context.Grain is FilteredGrain} "
                    + $"{context.TargetContext.GrainId}");
            }

            return context.Invoke();
        }));
        await Grain(silo).Ask("b", "hello");
        Assert.Equal(
            [
                "nobody -> filtered/a test-filtered IFilteredGrain.Ask FilteredGrain True filtered/a",
                "filtered/a -> filtered/b test-filtered IFilteredGrain.Say FilteredGrain True filtered/b",
            ],
            seen);
    }

    [Fact]
    public async Task What_follows_an_await_in_a_filter_is_still_the_grains_turn_and_sees_the_callers_context()
    {
        var schedulers = new List<TaskScheduler?>();
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            await Task.Yield();
            schedulers.Add(TaskScheduler.Current);
            RequestContext.Set("seen", $"{RequestContext.Get("key")} by a filter");
            await context.Invoke();
            await Task.Yield();
            schedulers.Add(TaskScheduler.Current);
            schedulers.Add(((FilteredGrain)context.Grain).Scheduler);
        }));
        RequestContext.Set("key", "value");
        Assert.Equal("value by a filter", await Grain(silo).ReadContext("seen"));
        Assert.Equal(3, schedulers.Count);
        Assert.Single(schedulers.Distinct());
        Assert.NotSame(TaskScheduler.Default, schedulers[0]);
        Assert.Null(RequestContext.Get("seen"));
    }

    [Fact]
    public async Task A_call_that_waits_in_a_filter_blocks_the_next_one()
    {
        await using var silo = await Start(builder => builder.FilterServed(async context =>
        {
            var stage = context.TargetContext.ActivationServices.GetRequiredService<Stage>();
            if (context.MethodName == "Do") await stage.Pass("gate");
            await context.Invoke();
        }));
        var held = Grain(silo).Do();
        await silo.Stage.Reached("gate");
        var next = Grain(silo).Double(1);
        silo.Stage.Open("gate");
        await held;
        await next;
        Assert.Equal(
            ["gate began", "gate ended", "grain before Do", "grain after Do", "grain before Double"],
            silo.Stage.Story.Take(5));
    }

    private static Task<TestSilo> Start(Action<ISiloBuilder> configure) => TestSilo.Start(configure);

    private static IFilteredGrain Grain(TestSilo silo) => silo.Grains.GetGrain<IFilteredGrain>("a");

    private sealed class TellingFilter(string name) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) =>
            OwnCalls.IsOwn(context) ? Tell(context) : context.Invoke();

        private async Task Tell(IIncomingGrainCallContext context)
        {
            var stage = context.TargetContext.ActivationServices.GetRequiredService<Stage>();
            stage.Tell($"{name} before");
            await context.Invoke();
            stage.Tell($"{name} after");
        }
    }

    private sealed class TypedFilter(Stage stage) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) =>
            OwnCalls.IsOwn(context) ? Tell(context) : context.Invoke();

        private async Task Tell(IIncomingGrainCallContext context)
        {
            stage.Tell("typed before");
            await context.Invoke();
            stage.Tell("typed after");
        }
    }
}
