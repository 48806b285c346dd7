using Aedile.Engine.Messaging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: whoever waits for a silo that is gone hears it at once, and nothing runs twice.</summary>
public sealed class BrokenLinkTests
{
    [Fact]
    public async Task A_call_in_flight_fails_at_once_and_says_that_it_may_have_run()
    {
        await using var fleet = await WireFleet.Start(2);
        var call = fleet[0].Tally("1:a").Hold("gate");
        await fleet.Stage.Reached("gate");
        fleet[1].Kill();
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        Assert.Contains("may have run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_not_sent_goes_to_the_next_owner()
    {
        await using var fleet = await WireFleet.Start(2);
        var gone = fleet.AddressOf(5);
        fleet[0].Router.Place(_ => gone);
        var call = fleet[0].Tally("a").Add(3);
        Assert.False(call.IsCompleted);
        fleet[0].Router.Place(_ => fleet[1].Address);
        fleet[1].Router.Place(_ => fleet[1].Address, newView: fleet[0].Router.ViewVersion);
        Assert.Equal(3, await call);
    }

    [Fact]
    public async Task A_new_silo_at_an_old_address_takes_no_call_for_the_old_one()
    {
        await using var fleet = await WireFleet.Start(2);
        fleet[0].Router.Place(_ => fleet.AddressOf(1, generation: 0));
        _ = fleet[0].Tally("a").Add(3);
        await fleet[1].Log.Line("which is gone");
        Assert.Equal(0, fleet[1].Host.Activations);
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_is_cut_off_and_not_dialled_again()
    {
        await using var fleet = await WireFleet.Start(2);
        var call = fleet[0].Tally("1:a").Hold("gate");
        await fleet.Stage.Reached("gate");
        fleet[0].Links.Messenger.Abandon(fleet[1].Address);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        var later = fleet[0].Tally("1:b").Add(1);
        fleet[0].Router.Place(_ => fleet[0].Address);
        Assert.Equal(1, await later);
        Assert.Equal(0, fleet[0].Links.Switchboard.Peers[fleet[1].Address].Links().Count(link => link.IsOpen));
    }

    [Fact]
    public async Task Two_silos_that_dial_at_once_keep_one_link_and_lose_nothing()
    {
        await using var fleet = await WireFleet.Start(2);
        var calls = Enumerable.Range(0, 200).Select(i => fleet[i % 2].Tally($"{1 - (i % 2)}:{i}").Add(i));
        Assert.Equal(Enumerable.Range(0, 200), await Task.WhenAll(calls));
        foreach (var (from, to) in new[] { (0, 1), (1, 0) })
        {
            var peer = fleet[from].Links.Switchboard.Peers[fleet[to].Address];
            while (peer.Links().Count > 1) await Task.Yield();
            Assert.Single(peer.Links());
        }
    }

    [Fact]
    public async Task A_silo_that_stops_answers_what_it_was_asked_before_its_links_end()
    {
        await using var fleet = await WireFleet.Start(2);
        var call = fleet[0].Tally("1:a").Hold("gate");
        await fleet.Stage.Reached("gate");
        var stop = fleet[1].Links.Switchboard.Stop(CancellationToken.None);
        Assert.False(call.IsCompleted);
        fleet.Stage.Open("gate");
        await call;
        await stop;
        Assert.Empty(fleet[1].Links.Switchboard.Peers[fleet[0].Address].Links());
    }

    [Fact]
    public async Task Questions_are_answered_while_every_grain_is_busy_and_fail_at_once_without_a_silo()
    {
        await using var fleet = await WireFleet.Start(2);
        fleet[1].Links.Messenger.Answer<WireQuestion, WireReply>(
            (from, question, _) => Task.FromResult(new WireReply($"{question.Text} for {from.Generation}")));
        var reply = await fleet[0].Links.Messenger.Ask<WireQuestion, WireReply>(
            fleet[1].Address, new WireQuestion("who"), TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal("who for 1", reply.Text);
        var refused = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => fleet[0].Links.Messenger.Ask<WireQuestion, WireReply>(
                fleet.AddressOf(6), new WireQuestion("who"), TimeSpan.FromSeconds(20), CancellationToken.None));
        Assert.IsType<ConnectionRefusedException>(refused.InnerException);
    }

    [Fact]
    public async Task A_question_whose_time_was_over_before_it_left_is_a_timeout_like_any_other()
    {
        await using var fleet = await WireFleet.Start(2);
        var late = TimeSpan.FromMilliseconds(-5);
        await Assert.ThrowsAsync<TimeoutException>(() => fleet[0].Links.Messenger.Ask<WireQuestion, WireReply>(
            fleet[1].Address, new WireQuestion("late"), late, CancellationToken.None));
    }
}

[GenerateSerializer, Immutable, Alias("wire-question")]
public sealed record WireQuestion(string Text);

[GenerateSerializer, Immutable, Alias("wire-reply")]
public sealed record WireReply(string Text);
