using Aedile.Silo.Gateway.Repositories;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class ReplicaChoiceTests
{
    private readonly ReplicaChoice _choice = new(new Random(1).Next);

    [Fact]
    public void Of_two_the_one_with_fewer_requests_in_flight_is_taken()
    {
        using var busy = _choice.Enter(Node(1));
        for (var round = 0; round < 20; round++) Assert.Equal(Node(2), _choice.Take([Node(1), Node(2)]));
    }

    [Fact]
    public void A_request_that_ended_counts_no_more_however_often_it_is_ended()
    {
        var first = _choice.Enter(Node(1));
        using var second = _choice.Enter(Node(2));
        first.Dispose();
        first.Dispose();
        for (var round = 0; round < 20; round++) Assert.Equal(Node(1), _choice.Take([Node(1), Node(2)]));
        using var third = _choice.Enter(Node(1));
        using var fourth = _choice.Enter(Node(1));
        for (var round = 0; round < 20; round++) Assert.Equal(Node(2), _choice.Take([Node(1), Node(2)]));
    }

    [Fact]
    public void Every_candidate_is_tried_once()
    {
        var candidates = Nodes.ToList();
        var taken = Enumerable.Range(0, Nodes.Length).Select(_ => _choice.Take(candidates)).ToList();
        Assert.Empty(candidates);
        Assert.Equal(Nodes.Order(), taken.Order());
    }
}
