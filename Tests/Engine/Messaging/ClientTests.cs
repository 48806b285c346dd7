using System.Collections.Immutable;
using System.Net;
using Aedile.Engine.Client;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: a client reaches every grain of a fleet as long as one gateway lives, and never hangs.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task When_a_gateway_dies_its_calls_fail_at_once_and_new_ones_use_another()
    {
        await using var fleet = await WireFleet.Start(2);
        await using var client = await WireClient.Start([fleet.GatewayOf(0), fleet.GatewayOf(1)]);
        await client.Log.Line(fleet[0].Address.ToString());
        await client.Log.Line(fleet[1].Address.ToString());
        var calls = Enumerable.Range(0, 16).Select(i => client.Tally($"1:{i}").Hold($"gate{i}")).ToList();
        for (var i = 0; i < 16; i++) await fleet.Stage.Reached($"gate{i}");
        fleet[1].Kill();
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
            Assert.Contains("may have run", error.Message, StringComparison.Ordinal);
        }

        fleet[0].Router.Place(_ => fleet[0].Address);
        for (var i = 0; i < 16; i++) Assert.Equal(i, await client.Tally($"1:{i}").Add(i));
    }

    [Fact]
    public async Task A_client_stops_while_its_list_can_not_be_read_whatever_the_driver_throws()
    {
        await using var fleet = await WireFleet.Start(1);
        var list = new ListThatHangs(fleet.GatewayOf(0));
        await using var client = await WireClient.Start([], configure: builder =>
        {
            builder.Services.AddSingleton<IGatewayList>(list);
            builder.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(1));
        });
        await list.IsAsked;
        await client.Client.Stop(CancellationToken.None);
    }

    [Fact]
    public async Task A_gateway_that_comes_back_is_used_again()
    {
        await using var fleet = await WireFleet.Start(1);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)]);
        await fleet[0].DisposeAsync();
        await client.Log.Line("can't be used"); // Until it knows, a call may go out on the old link.
        var held = client.Tally("0:a").Add(1);
        await fleet.Restart(0);
        Assert.Equal(1, await held);
    }

    [Fact]
    public async Task A_start_without_any_gateway_fails_within_its_limit_and_says_what_was_tried()
    {
        var nobody = new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.99.99.99"), WireFleet.GatewayPort);
        await using var client = WireClient.Build([nobody], "test", TimeSpan.FromMilliseconds(300));
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => client.Client.Start(CancellationToken.None));
        Assert.Contains("Nobody listens at 127.99.99.99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_another_cluster_is_refused_by_name()
    {
        await using var fleet = await WireFleet.Start(1);
        await using var client = WireClient.Build([fleet.GatewayOf(0)], "other", TimeSpan.FromMilliseconds(500));
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => client.Client.Start(CancellationToken.None));
        Assert.Contains("cluster 'other'", error.Message, StringComparison.Ordinal);
        await fleet[0].Log.Line("cluster 'other', this is 'test'");
    }

    [Fact]
    public async Task A_stopping_client_waits_for_its_answers()
    {
        await using var fleet = await WireFleet.Start(1);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)]);
        var call = client.Tally("0:a").Hold("gate");
        await fleet.Stage.Reached("gate");
        var stop = client.Client.Stop(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        fleet.Stage.Open("gate");
        await call;
        await stop;
    }

    [Fact]
    public async Task A_grain_that_no_silo_hosts_is_a_clear_error()
    {
        await using var fleet = await WireFleet.Start(1);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)]);
        Assert.Throws<ArgumentException>(() => client.Client.GrainFactory.GetGrain<INobodysGrain>("a"));
        var id = GrainId.Create("nobodys", "a");
        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(
            () => client.Client.GrainFactory.GetGrain<INobodysGrain>(id).Do([]));
        Assert.Contains("nobodys", error.Message, StringComparison.Ordinal);
    }

    // Like Npgsql with several hosts: a cancelled wait ends with an exception of its own.
    private sealed class ListThatHangs(IPEndPoint gateway) : IGatewayList
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asks;

        public Task IsAsked => _asked.Task;

        public async Task<IReadOnlyList<IPEndPoint>> Gateways(CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref _asks) == 1) return [gateway];
            var cancelled = new TaskCompletionSource();
            await using var _ = cancellation.Register(cancelled.SetResult);
            _asked.TrySetResult();
            await cancelled.Task;
            throw new IOException("No suitable host was found.");
        }
    }
}

/// <summary>A contract without a class.</summary>
[Alias("test-nobodys")]
public interface INobodysGrain : IGrainWithStringKey
{
    Task Do(ImmutableArray<int> steps);
}
