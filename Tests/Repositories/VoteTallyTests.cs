using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using FsCheck;
using FsCheck.Fluent;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

public sealed class VoteTallyTests
{
    private static readonly VoteTally Empty = new(Nodes, 2, "right");

    [Fact]
    public void A_quorum_of_equal_votes_waits_for_stragglers_and_then_decides_without_them()
    {
        var tally = Empty.With(Node(1), Promise("right")).With(Node(3), Promise("right"));

        Assert.Equal(new TallyVerdict.Wait(QuorumReached: true), tally.Verdict(closed: false));
        Assert.Equal([Node(1), Node(3)], Assert.IsType<TallyVerdict.Decide>(tally.Verdict(closed: true)).Voters);
    }

    [Fact]
    public void A_replica_with_another_vote_takes_no_part_even_as_the_first_in_preference()
    {
        var tally = Empty.With(Node(1), Promise("wrong")).With(Node(2), Promise("right"))
            .With(Node(3), Promise("right"));

        Assert.Equal([Node(2), Node(3)], Assert.IsType<TallyVerdict.Decide>(tally.Verdict(closed: false)).Voters);
    }

    [Fact]
    public void One_promise_of_three_is_no_decision()
    {
        var tally = Empty.With(Node(1), Promise("right")).With(Node(2), null).With(Node(3), Promise("wrong"));

        Assert.IsType<TallyVerdict.Fail>(tally.Verdict(closed: false));
    }

    [Fact]
    public void It_fails_as_soon_as_no_quorum_can_be_had_any_more()
    {
        var tally = Empty.With(Node(1), null).With(Node(2), null);

        Assert.IsType<TallyVerdict.Fail>(tally.Verdict(closed: false));
    }

    [Fact]
    public void A_ref_is_taken_out_when_a_quorum_agrees_and_who_disagrees_is_distrusted()
    {
        var tally = Empty.With(Node(1), Mismatch("refs/heads/a")).With(Node(2), Mismatch("refs/heads/a"))
            .With(Node(3), Promise("right"));

        var reduce = Assert.IsType<TallyVerdict.Reduce>(tally.Verdict(closed: false));
        Assert.Equal("refs/heads/a", Assert.Single(reduce.Rejected).Name);
        Assert.Equal([Node(1), Node(2)], reduce.Agreeing);
        Assert.Equal([Node(3)], reduce.Disagreeing);
    }

    [Fact]
    public void A_replica_that_sees_one_mismatch_more_than_the_quorum_is_distrusted()
    {
        var tally = Empty.With(Node(1), Mismatch("refs/heads/a")).With(Node(2), Mismatch("refs/heads/a"))
            .With(Node(3), Mismatch("refs/heads/a", "refs/heads/b"));

        Assert.Equal([Node(3)], Assert.IsType<TallyVerdict.Reduce>(tally.Verdict(closed: true)).Disagreeing);
    }

    [Fact]
    public void One_mismatch_and_one_promise_of_three_decide_nothing()
    {
        var tally = Empty.With(Node(1), Mismatch("refs/heads/a")).With(Node(2), Promise("right")).With(Node(3), null);

        Assert.IsType<TallyVerdict.Fail>(tally.Verdict(closed: true));
    }

    [Fact]
    public void A_decision_always_rests_on_a_quorum_of_expected_votes_and_a_closed_tally_never_waits()
    {
        var reply = Gen.Elements<PrepareReply?>(
            null, Promise("right"), Promise("wrong"),
            Mismatch("refs/heads/a"), Mismatch("refs/heads/a", "refs/heads/b"));
        var replies = reply.ListOf(3).Select(all => all.ToImmutableArray());

        Prop.ForAll(replies.ToArbitrary(), all =>
        {
            var tally = all.Index().Aggregate(Empty, (t, r) => t.With(Nodes[r.Index], r.Item));
            return tally.Verdict(closed: true) switch
            {
                TallyVerdict.Decide d => d.Voters.Length >= 2 && d.Voters.All(v => tally.Replies[v]!.Vote == "right"),
                TallyVerdict.Reduce r => r.Rejected.All(x => all.Count(a => Names(a).Contains(x.Name)) >= 2)
                    && !r.Agreeing.Intersect(r.Disagreeing).Any(),
                TallyVerdict.Fail => all.Count(a => a?.Vote == "right") < 2,
                _ => false,
            };
        }).QuickCheckThrowOnFailure();
    }

    private static IEnumerable<string> Names(PrepareReply? reply) =>
        reply is { Outcome: CommandOutcome.RefsMismatch } ? reply.Mismatches.Select(m => m.Name) : [];
}
