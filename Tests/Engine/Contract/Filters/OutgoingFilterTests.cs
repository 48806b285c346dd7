using Aedile.Tests.Engine.Observers;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Filters;

/// <summary>Goal: what runs around calls where they are made runs in order and has the last word.</summary>
public sealed class OutgoingFilterTests
{
    [Fact]
    public async Task They_run_in_the_order_of_their_registration_around_the_call()
    {
        var story = new List<string>();
        await using var silo = await TestSilo.Start(builder => builder
            .AddOutgoingGrainCallFilter(new NotingFilter("one", story))
            .FilterMade(context => new NotingFilter("two", story).Invoke(context))
            .FilterServed(async context =>
            {
                story.Add("in");
                await context.Invoke();
            }));
        Assert.Equal(4, await Grain(silo).Double(2));
        Assert.Equal(["one before", "two before", "in", "two after 4", "one after 4"], story);
    }

    [Fact]
    public async Task A_filter_may_answer_itself_and_then_no_grain_is_called()
    {
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(context =>
        {
            context.Result = 42;
            return Task.CompletedTask;
        }));
        Assert.Equal(42, await Grain(silo).Double(2));
        Assert.Empty(silo.Stage.Story);
    }

    [Fact]
    public async Task A_filter_may_change_the_result_and_throw()
    {
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(async context =>
        {
            await context.Invoke();
            if (context.Result is "no") throw new FormatException("No.");
            context.Result = context.Result is int number ? number * 10 : null;
        }));
        Assert.Equal(40, await Grain(silo).Double(2));
        Assert.Null(await Grain(silo).Say("yes"));
        await Assert.ThrowsAsync<FormatException>(async () => await Grain(silo).Say("no"));
        await Grain(silo).Do();
    }

    [Fact]
    public async Task A_filter_may_make_the_call_again_after_it_failed()
    {
        var tries = 0;
        await using var silo = await TestSilo.Start(builder => builder
            .FilterMade(async context =>
            {
                try
                {
                    await context.Invoke();
                }
                catch (IOException)
                {
                    await context.Invoke();
                }
            })
            .FilterServed(context => ++tries == 1 ? throw new IOException("Once.") : context.Invoke()));
        Assert.Equal(6, await Grain(silo).Double(3));
        Assert.Equal(2, tries);
    }

    [Fact]
    [Trait("Engine", "Bundled")] // To the official engine, a caller outside of grains is a client with an id.
    public async Task A_filter_learns_who_calls_whom_and_what()
    {
        var seen = new List<string>();
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(context =>
        {
            lock (seen)
            {
                seen.Add($"{context.SourceId?.ToString() ?? "nobody"} -> {context.TargetId} {context.InterfaceName}."
                    + $"{context.MethodName} {context.Grain is IFilteredGrain} {context.SourceContext is not null}");
            }

            return context.Invoke();
        }));
        await Grain(silo).Ask("b", "hello");
        Assert.Equal(
            [
                "nobody -> filtered/a IFilteredGrain.Ask True False",
                "filtered/a -> filtered/b IFilteredGrain.Say True True",
            ],
            seen);
    }

    [Fact]
    public async Task What_a_filter_puts_into_the_context_flows_to_the_grain_and_not_to_the_caller()
    {
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(async context =>
        {
            RequestContext.Set("key", "by a filter");
            await context.Invoke();
        }));
        Assert.Equal("by a filter", await Grain(silo).ReadContext("key"));
        Assert.Null(RequestContext.Get("key"));
    }

    [Fact]
    public async Task A_call_times_out_and_is_cancelled_as_without_filters()
    {
        await using var silo = await TestSilo.Start(
            builder => builder.FilterMade(context => context.Invoke()));
        using var wish = new CancellationTokenSource();
        var cancelled = silo.Tally("a").HoldUntilCancelled("one", wish.Token);
        await silo.Stage.Reached("one");
        await wish.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var late = silo.Tally("b").HoldShortly("two");
        await silo.Stage.Reached("two");
        silo.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => late);
    }

    [Fact]
    public async Task The_caller_of_a_one_way_call_waits_for_them_and_hears_what_they_throw_but_not_for_the_grain()
    {
        var leave = new TaskCompletionSource();
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(async context =>
        {
            await context.Invoke();
            await leave.Task;
            throw new InvalidOperationException("Too late.");
        }));
        var call = silo.Tally("a").Poke("gate");
        await silo.Stage.Reached("gate");
        Assert.False(call.IsCompleted);
        leave.SetResult();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => call);
        Assert.Equal("Too late.", error.Message);
        silo.Stage.Open("gate");
    }

    [Fact]
    public async Task What_they_throw_around_a_call_that_returns_nothing_is_nobodys_failure()
    {
        await using var silo = await TestSilo.Start(builder => builder.FilterMade(async context =>
        {
            await context.Invoke();
            if (context.MethodName == nameof(IReader.Note)) throw new InvalidOperationException("Nobody hears it.");
        }));
        var reader = new Reader("r");
        silo.Grains.CreateObjectReference<IReader>(reader).Note("news");
        Assert.Equal(["news"], await reader.Told(1));
    }

    private static IFilteredGrain Grain(TestSilo silo) => silo.Grains.GetGrain<IFilteredGrain>("a");

    private sealed class NotingFilter(string name, List<string> story) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (!OwnCalls.IsOwn(context))
            {
                await context.Invoke();
                return;
            }

            story.Add($"{name} before");
            await context.Invoke();
            story.Add($"{name} after {context.Result}");
        }
    }
}
