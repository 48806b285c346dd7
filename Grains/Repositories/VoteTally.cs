using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>What one round of prepares has come to.</summary>
internal abstract record TallyVerdict
{
    private TallyVerdict() { }

    /// <summary>More answers are needed, or worth a short wait.</summary>
    /// <param name="QuorumReached">Whether a verdict stands already and only stragglers are waited for.</param>
    public sealed record Wait(bool QuorumReached) : TallyVerdict;

    /// <summary>A quorum promised the same: write the decision.</summary>
    public sealed record Decide(ImmutableArray<NodeName> Voters) : TallyVerdict;

    /// <summary>A quorum agrees that some refs don't match; whoever disagrees with it is distrusted.</summary>
    public sealed record Reduce(
        ImmutableArray<RefResult> Rejected, ImmutableArray<NodeName> Agreeing, ImmutableArray<NodeName> Disagreeing)
        : TallyVerdict;

    /// <summary>No quorum can be had any more.</summary>
    public sealed record Fail(string Reason) : TallyVerdict;
}

/// <summary>
/// Counts the answers to one round of prepares. Pure and immutable: answers come in any order, and the verdict depends
/// on the set of them only.
/// </summary>
/// <param name="Participants">Who was asked.</param>
/// <param name="Quorum">How many must agree.</param>
/// <param name="ExpectedVote">The vote that follows from the coordinator's own row.</param>
/// <param name="Replies">The answers so far; null for a node that could not be reached.</param>
internal sealed record VoteTally(
    ImmutableArray<NodeName> Participants, int Quorum, string ExpectedVote,
    ImmutableDictionary<NodeName, PrepareReply?> Replies)
{
    /// <summary>A tally without answers.</summary>
    public VoteTally(ImmutableArray<NodeName> participants, int quorum, string expectedVote)
        : this(participants, quorum, expectedVote, ImmutableDictionary<NodeName, PrepareReply?>.Empty) { }

    /// <summary>With one more answer.</summary>
    public VoteTally With(NodeName node, PrepareReply? reply) => this with { Replies = Replies.SetItem(node, reply) };

    /// <summary>The verdict on the answers so far.</summary>
    /// <param name="closed">Whether waiting is over: then it is never <see cref="TallyVerdict.Wait"/>.</param>
    public TallyVerdict Verdict(bool closed)
    {
        var promised = Nodes(r => r.Outcome is CommandOutcome.Done && r.Vote == ExpectedVote);
        var rejected = RejectedByQuorum();
        var complete = closed || Replies.Count == Participants.Length;
        var standing = promised.Length >= Quorum || !rejected.IsEmpty;
        if (!complete) return standing || CanStillAgree() ? new TallyVerdict.Wait(standing) : Failure();

        if (!rejected.IsEmpty) return Reduction(rejected);
        return promised.Length >= Quorum ? new TallyVerdict.Decide(promised) : Failure();
    }

    private TallyVerdict.Reduce Reduction(ImmutableArray<RefResult> rejected)
    {
        var names = rejected.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var agreeing = Nodes(r => r.Outcome is CommandOutcome.RefsMismatch
            && names.SetEquals(r.Mismatches.Select(m => m.Name)));
        // A node that saw other mismatches, or none, has other refs than the quorum.
        var disagreeing = Nodes(r => r.Outcome is CommandOutcome.Done or CommandOutcome.RefsMismatch).Except(agreeing);
        return new TallyVerdict.Reduce(rejected, agreeing, [.. disagreeing]);
    }

    private ImmutableArray<RefResult> RejectedByQuorum() =>
        [
            .. Replies.Values.OfType<PrepareReply>().Where(r => r.Outcome is CommandOutcome.RefsMismatch)
                .SelectMany(r => r.Mismatches).GroupBy(m => m.Name, StringComparer.Ordinal)
                .Where(g => g.Count() >= Quorum).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new RefResult(g.Key, g.Min(m => m.Reason))),
        ];

    private bool CanStillAgree()
    {
        var open = Participants.Length - Replies.Count;
        var promised = Nodes(r => r.Outcome is CommandOutcome.Done && r.Vote == ExpectedVote).Length;
        var mismatched = Nodes(r => r.Outcome is CommandOutcome.RefsMismatch).Length;
        return open + Math.Max(promised, mismatched) >= Quorum;
    }

    private TallyVerdict.Fail Failure()
    {
        var reasons = Participants.Select(node => Replies.TryGetValue(node, out var reply)
            ? reply is null ? $"{node}: unreachable" : $"{node}: {Say(reply)}"
            : $"{node}: no answer in time");
        return new TallyVerdict.Fail($"fewer than {Quorum} replicas promised the write ({string.Join("; ", reasons)})");
    }

    private string Say(PrepareReply reply) => reply.Outcome switch
    {
        CommandOutcome.Done when reply.Vote != ExpectedVote => "another vote",
        CommandOutcome.Done => "promised",
        _ => reply.Detail is null ? $"{reply.Outcome}" : $"{reply.Outcome}, {reply.Detail}",
    };

    private ImmutableArray<NodeName> Nodes(Func<PrepareReply, bool> condition) =>
        [.. Participants.Where(
            node => Replies.TryGetValue(node, out var reply) && reply is not null && condition(reply))];
}
