
namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: a call finds its grain although silos disagree for a while, and never for ever.</summary>
public sealed class ForwardingTests
{
    [Fact]
    public async Task A_request_at_the_wrong_silo_is_passed_on_and_its_answer_comes_back()
    {
        await using var fleet = await WireFleet.Start(3);
        fleet[0].Router.Place(_ => fleet[1].Address);
        fleet[1].Router.Place(_ => fleet[2].Address, newView: 9);
        fleet[2].Router.Place(_ => fleet[2].Address, newView: 9);
        Assert.Equal(4, await fleet[0].Tally("a").Add(4));
        Assert.Equal((0, 0, 1), (fleet[0].Host.Activations, fleet[1].Host.Activations, fleet[2].Host.Activations));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => fleet[0].Tally("a").Throw("far"));
        Assert.Equal("far", error.Message);
    }

    [Fact]
    public async Task A_request_that_silos_pass_round_is_refused_with_the_newer_view()
    {
        await using var fleet = await WireFleet.Start(2);
        fleet[0].Router.Place(_ => fleet[1].Address, newView: 7);
        fleet[1].Router.Place(_ => fleet[0].Address, newView: 7);
        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => fleet[0].Tally("a").Add(1));
        Assert.Contains("view 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_under_a_newer_view_waits_for_that_view()
    {
        await using var fleet = await WireFleet.Start(2);
        fleet[0].Router.Place(_ => fleet[1].Address, newView: 5);
        fleet[1].Router.Place(_ => fleet[0].Address, newView: 4);
        var call = fleet[0].Tally("a").Add(1);
        await fleet[1].Log.Line("linked");
        fleet[1].Router.Place(_ => fleet[1].Address, newView: 5);
        Assert.Equal(1, await call);
        Assert.Equal(1, fleet[1].Host.Activations);
    }

    [Fact]
    public async Task A_grain_is_not_hosted_before_its_earlier_owner_has_handed_it_over()
    {
        await using var fleet = await WireFleet.Start(2);
        var handedOver = new TaskCompletionSource();
        fleet[1].Router.Handover = _ => handedOver.Task;
        var call = fleet[0].Tally("1:a").Add(1);
        await fleet[1].Log.Line("linked");
        Assert.Equal(0, fleet[1].Host.Activations);
        handedOver.SetResult();
        Assert.Equal(1, await call);
    }

    [Fact]
    public async Task A_call_waits_for_an_owner_when_no_silo_may_host_its_grain()
    {
        await using var fleet = await WireFleet.Start(1);
        fleet[0].Router.Place(_ => null);
        var call = fleet[0].Tally("a").Add(1);
        Assert.False(call.IsCompleted);
        fleet[0].Router.Place(_ => fleet[0].Address);
        Assert.Equal(1, await call);
    }
}
