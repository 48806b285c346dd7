using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories;

public sealed class PushesUnderWayTests
{
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");
    private static readonly TransactionId Push = new(new Guid(1, 0, 0, new byte[8]));

    private readonly ManualTime _clock = new();
    private readonly PushesUnderWay _pushes;

    public PushesUnderWayTests() => _pushes = new PushesUnderWay(_clock);

    [Fact]
    public void A_push_leaves_out_the_nodes_that_it_was_not_begun_with_until_it_ends()
    {
        _pushes.Begin(Push, [A]);
        Assert.False(_pushes.AnyLeavesOut(A));
        Assert.True(_pushes.AnyLeavesOut(B));

        _pushes.End(Push);
        Assert.False(_pushes.AnyLeavesOut(B));
        Assert.False(_pushes.Contains(Push));
    }

    [Fact]
    public void A_push_leaves_out_a_node_that_did_not_stage_it_in_time()
    {
        _pushes.Begin(Push, [A, B]);
        Assert.False(_pushes.AnyLeavesOut(B));

        _pushes.Staged(Push, [A]);

        Assert.True(_pushes.AnyLeavesOut(B));
    }

    [Fact]
    public void A_push_whose_decision_is_attempted_cannot_be_forsaken()
    {
        _pushes.Begin(Push, [A]);
        _pushes.Decide(Push);
        Assert.Null(_pushes.Forsake(Push));
        Assert.True(_pushes.Contains(Push));
    }

    [Fact]
    public void A_forsaken_push_names_who_has_something_of_it_to_drop()
    {
        _pushes.Begin(Push, [A, B]);
        Assert.Equal([A, B], _pushes.Forsake(Push));
        Assert.Null(_pushes.Forsake(Push));
    }

    [Fact]
    public void A_push_whose_gateway_died_is_forgotten_after_an_hour()
    {
        _pushes.Begin(Push, [A]);
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.False(_pushes.AnyLeavesOut(B));
    }
}
