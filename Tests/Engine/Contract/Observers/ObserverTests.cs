using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Observers;

/// <summary>Goal: grains call objects of clients and silos by reference, like grains, while the object is
/// there.</summary>
public sealed class ObserverTests
{
    [Theory]
    [InlineData("client", 0)]
    [InlineData("client", 1)]
    [InlineData("silo", 0)]
    [InlineData("silo", 1)]
    public async Task An_observer_is_called_by_a_grain_on_any_silo(string where, int silo)
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var reference = fleet.From(where).CreateObjectReference<IReader>(reader);
        var grain = fleet.From(where).GetGrain<IBulletinGrain>($"{silo}:a");
        Assert.Equal(1, await grain.Subscribe(reference));
        Assert.Equal(["r: who"], await grain.Ask("who"));
        await grain.Publish("news");
        Assert.Equal(["news", "news"], await reader.Told(2));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Ask("fail"));
        Assert.Equal("r fails", error.Message);
        Assert.Equal(0, await grain.Unsubscribe(reference));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_reference_is_handed_from_grain_to_grain_and_is_one_subscriber_everywhere()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var reference = fleet.Client.CreateObjectReference<IReader>(reader);
        var first = fleet.Client.GetGrain<IBulletinGrain>("0:first");
        await first.Subscribe(reference);
        await first.PassTo("1:second");
        var second = fleet.Silo(0).GetGrain<IBulletinGrain>("1:second");
        Assert.Equal(["r: who"], await second.Ask("who"));
        Assert.Equal(1, await fleet.Client.GetGrain<IBulletinGrain>("1:second").Subscribe(reference));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task An_observer_is_called_by_one_call_at_a_time_in_order_of_arrival()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var grain = fleet.Client.GetGrain<IBulletinGrain>("1:a");
        await grain.Subscribe(fleet.Client.CreateObjectReference<IReader>(reader));
        var holds = grain.Hold("gate");
        await reader.Reached("gate", holds);
        for (var i = 0; i < 50; i++)
            await fleet.Silo(1).GetGrain<IBulletinGrain>("1:other").Subscribe(
                fleet.Client.CreateObjectReference<IReader>(reader));
        Assert.Equal(["gate began"], reader.Stage.Story);
        reader.Stage.Open("gate");
        await holds;
        for (var i = 0; i < 50; i++) await grain.Publish($"{i}");
        var told = await reader.Told(102);
        Assert.Equal(
            ["gate began", "gate ended", .. Enumerable.Range(0, 50).SelectMany(i => new[] { $"{i}", $"{i}" })], told);
    }

    [Fact]
    public async Task A_call_waits_while_another_one_runs_in_the_same_observer()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var reference = fleet.Client.CreateObjectReference<IReader>(reader);
        var held = fleet.Client.GetGrain<IBulletinGrain>("0:a");
        var asked = fleet.Client.GetGrain<IBulletinGrain>("0:b");
        await held.Subscribe(reference);
        await asked.Subscribe(reference);
        var hold = held.Hold("gate");
        await reader.Reached("gate", hold);
        await asked.Publish("later");
        var answer = asked.Ask("who");
        Assert.Equal(["gate began"], reader.Stage.Story);
        reader.Stage.Open("gate");
        await hold;
        Assert.Equal(["r: who"], await answer);
        Assert.Equal(["gate began", "gate ended", "later", "later"], await reader.Told(4));
    }

    [Fact]
    public async Task Two_references_to_one_object_are_two_observers_and_one_can_be_taken_back()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var first = fleet.Client.CreateObjectReference<IReader>(reader);
        var second = fleet.Client.CreateObjectReference<IReader>(reader);
        Assert.NotEqual(first, second);
        var grain = fleet.Client.GetGrain<IBulletinGrain>("1:a");
        await grain.Subscribe(first);
        await grain.Subscribe(second);
        Assert.Equal(["r: 1", "r: 1"], await grain.AskSoon("1"));
        fleet.Client.DeleteObjectReference<IReader>(second);
        await Assert.ThrowsAnyAsync<Exception>(() => grain.AskSoon("2"));
        await grain.Publish("3");
        await grain.Unsubscribe(second);
        Assert.Equal(["r: 4"], await grain.AskSoon("4"));
        Assert.Equal(["3", "3"], await reader.Told(2));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_one_way_call_that_fails_in_the_observer_is_nobodys_failure()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var grain = fleet.Client.GetGrain<IBulletinGrain>("1:a");
        await grain.Subscribe(fleet.Client.CreateObjectReference<IReader>(reader));
        await grain.Publish("fail");
        Assert.Equal(["r: still"], await grain.Ask("still"));
        Assert.Equal(["fail", "fail"], await reader.Told(2));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_grain_observes_another_grain()
    {
        await using var fleet = await TwoSilos.Start();
        var (a, b) = ("0:a", "1:b");
        await fleet.Client.GetGrain<IBulletinGrain>(a).Follow(b);
        await fleet.Client.GetGrain<IBulletinGrain>(b).Publish("news");
        while ((await fleet.Client.GetGrain<IBulletinGrain>(a).Noted()).Length < 2) await Task.Yield();
        Assert.Equal(["grain: who"], await fleet.Client.GetGrain<IBulletinGrain>(b).Ask("who"));
    }

    [Fact]
    public async Task Wrong_objects_and_references_are_refused_with_the_reason()
    {
        await using var fleet = await TwoSilos.Start();
        var reader = new Reader("r");
        var grain = fleet.Client.GetGrain<IBulletinGrain>("0:a");
        Assert.Equal("refused", await grain.TryToMakeAReference());
        var reference = fleet.Client.CreateObjectReference<IReader>(reader);
        Assert.Throws<ArgumentException>(() => fleet.Client.CreateObjectReference<IReader>(reference));
        Assert.Throws<ArgumentException>(() => fleet.Client.CreateObjectReference<Reader>(reader));
        Assert.Throws<ArgumentException>(() => fleet.Client.DeleteObjectReference<IReader>(reader));
        fleet.Client.DeleteObjectReference<IReader>(reference);
        Assert.Throws<ArgumentException>(() => fleet.Client.DeleteObjectReference<IReader>(reference));
    }

    [Fact]
    public async Task Cancelling_a_call_ends_the_callers_wait()
    {
        await using var fleet = await TwoSilos.Start();
        var (reader, signal) = (new Reader("r"), new Reader("signal"));
        var grain = fleet.Client.GetGrain<IBulletinGrain>("1:a");
        await grain.Subscribe(fleet.Client.CreateObjectReference<IReader>(reader));
        var cancelled = grain.HoldUntilCancelled("gate", fleet.Client.CreateObjectReference<IReader>(signal));
        await reader.Reached("gate", cancelled);
        signal.Stage.Open("gate");
        Assert.True(await cancelled);
        reader.Stage.Open("gate");
        GC.KeepAlive(signal);
    }
}
