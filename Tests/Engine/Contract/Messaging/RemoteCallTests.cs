using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Tests.Support.Engines;
using Npgsql;
using Orleans.Storage;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: a call of a grain in another silo, or by a client, is like one in this silo.</summary>
public sealed class RemoteCallTests
{
    [Fact]
    public async Task Calls_reach_the_silo_where_the_grain_lives_and_answers_come_back()
    {
        await using var fleet = await TwoSilos.Start();
        foreach (var key in ImmutableArray.Create("0:a", "1:a", "1:b"))
        {
            Assert.Equal(2, await Tally(fleet.Client, key).Add(2));
            Assert.Equal(4, await Tally(fleet.Silo(0), key).Add(2));
            Assert.Equal(6, await Tally(fleet.Silo(1), key).Add(2));
        }

        Assert.Equal((1, 2), (await fleet.Tallies(0), await fleet.Tallies(1)));
        Assert.Equal("tour: 1,2,3", await Tally(fleet.Client, "1:a").Describe(new Visit("tour", [1, 2, 3])));
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task An_error_crosses_with_its_type_message_and_stack(string where)
    {
        await using var fleet = await TwoSilos.Start();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Tally(fleet.From(where), "1:a").Throw("broken"));
        Assert.Equal("broken", error.Message);
        Assert.Contains(nameof(TallyGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task An_error_crosses_with_its_cause_of_whatever_type(string where)
    {
        await using var fleet = await TwoSilos.Start();
        var error = await Assert.ThrowsAsync<OrleansException>(
            () => Tally(fleet.From(where), "1:a").LoseDatabase("the database is gone"));
        Assert.Equal("the database is gone", error.Message);
        Assert.Contains("the database is gone", error.InnerException?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task A_caller_is_told_why_a_grain_could_not_begin_whatever_the_error(string where)
    {
        await using var fleet = await TwoSilos.Start();
        fleet.Stage.FailActivation = new PostgresException("the database is gone", "FATAL", "FATAL", "57P01");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Tally(fleet.From(where), "1:a").Sum().AsTask());
        Assert.True(error is OrleansException or DbException, $"{error.GetType()}");
        Assert.Contains("the database is gone", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task Request_context_and_call_chains_cross_silos_and_may_come_back(string where)
    {
        await using var fleet = await TwoSilos.Start();
        RequestContext.Set("tenant", "blue");
        RequestContext.Set("try", 7);
        Assert.Equal("blue", await Tally(fleet.From(where), "1:a").ReadContext("tenant"));
        RequestContext.Clear();
        Assert.Null(await Tally(fleet.From(where), "1:a").ReadContext("tenant"));
        ImmutableArray<string> path = ["1:b", "0:c", "0:a", "1:b"];
        Assert.Equal(
            "0:a>1:b>0:c>0:a>1:b", await Tally(fleet.From(where), "0:a").Chain(path, allowReentrancy: true));
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task A_cancelled_call_ends_at_once_and_the_token_fires_inside_of_the_grain(string where)
    {
        await using var fleet = await TwoSilos.Start();
        using var caller = new CancellationTokenSource();
        var call = Tally(fleet.From(where), "1:a").HoldUntilCancelled("gate", caller.Token);
        await fleet.Stage.Reached("gate");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await fleet.Stage.Told("cancelled");
        fleet.Stage.Open("gate");
        Assert.Equal(0, await Tally(fleet.Client, "1:a").Sum());
    }

    [Theory]
    [InlineData("client")]
    [InlineData("silo")]
    public async Task A_one_way_call_arrives(string where)
    {
        await using var fleet = await TwoSilos.Start();
        await Tally(fleet.From(where), "1:a").Poke("gate");
        await fleet.Stage.Reached("gate");
        fleet.Stage.Open("gate");
        Assert.Equal(0, await Tally(fleet.Client, "1:a").Sum());
    }

    [Fact]
    public async Task A_lost_write_ends_the_activation_it_arose_in()
    {
        await using var fleet = await TwoSilos.Start();
        await Assert.ThrowsAsync<InconsistentStateException>(() => Tally(fleet.Silo(0), "1:a").LoseWrite());
        Assert.Equal(2, await Tally(fleet.Silo(0), "1:a").Instance());
    }

    [Fact]
    public async Task A_large_argument_and_result_cross()
    {
        await using var fleet = await TwoSilos.Start();
        ImmutableArray<int> steps = [.. Enumerable.Range(0, 500_000)];
        var text = await Tally(fleet.Silo(0), "1:a").Describe(new Visit("long", steps));
        Assert.EndsWith(",499998,499999", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_calls_at_once_from_all_sides_have_each_its_own_answer()
    {
        await using var fleet = await TwoSilos.Start();
        ImmutableArray<IGrainFactory> callers = [fleet.Silo(0), fleet.Silo(1), fleet.Client];
        var calls = Enumerable.Range(0, 2_000).Select(async i =>
        {
            var name = await Tally(callers[i % 3], $"{i / 3 % 2}:{i}").Describe(new Visit($"v{i}", [i]));
            Assert.Equal($"v{i}: {i}", name);
        });
        await Task.WhenAll(calls);
    }

    private static ITallyGrain Tally(IGrainFactory grains, string key) => grains.GetGrain<ITallyGrain>(key);
}
