using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: no order of commands lets an overtaken activation change a replica.</summary>
public sealed class TokenRuleTests
{
    private static readonly Gen<CommandToken> Tokens =
        from epoch in Gen.Choose(0, 3)
        from sequence in Gen.Choose(0, 5)
        select new CommandToken(epoch, sequence);

    [Fact]
    public void Highest_token_never_falls_and_only_higher_ones_change_the_replica() =>
        Prop.ForAll(Tokens.ListOf().ToArbitrary(), tokens =>
        {
            var state = ReplicaState.None;
            foreach (var token in tokens)
            {
                var before = state.HighestToken;
                if (TokenRule.MayChange(state, token)) state = state.Apply(new JournalRecord.TokenSeen(token, null));
                if (state.HighestToken < before || state.HighestToken != before && token != state.HighestToken)
                    return false;
                if (token < before && state.HighestToken != before) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lower_epoch_is_refused_whatever_its_sequence() =>
        Prop.ForAll(Tokens.Two().ToArbitrary(), pair =>
        {
            var (seen, later) = (pair.Item1, pair.Item2);
            var state = ReplicaState.None.Apply(new JournalRecord.TokenSeen(seen, null));
            return later.Epoch >= seen.Epoch || TokenRule.IsStale(state, later) && !TokenRule.MayChange(state, later);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Token_outlives_the_replica()
    {
        var state = ReplicaState.None
            .Apply(new JournalRecord.Created(new(2, 5), new(1, default), "c", "refs/heads/main"))
            .Apply(new JournalRecord.Deleted(new(2, 6)));
        Assert.False(state.Exists);
        Assert.False(TokenRule.MayChange(state, new CommandToken(2, 6)));
        Assert.False(TokenRule.MayChange(state, new CommandToken(1, 9)));
        Assert.True(TokenRule.MayChange(state, new CommandToken(2, 7)));
    }

    [Fact]
    public void Equal_token_may_only_repeat_its_own_transaction_until_that_is_closed()
    {
        var own = new TransactionId(new Guid(1, 0, 0, new byte[8]));
        var other = new TransactionId(new Guid(2, 0, 0, new byte[8]));
        var token = new CommandToken(1, 1);
        var state = ReplicaState.None.Apply(new JournalRecord.TokenSeen(token, own));
        Assert.True(TokenRule.MayChange(state, token, own));
        Assert.False(TokenRule.MayChange(state, token, other));
        Assert.False(TokenRule.MayChange(state, token));

        var promise = new OpenPromise(own, token, default, [], false, "c", new GitChild(1, 1, ""));
        state = state.Apply(new JournalRecord.Promised(promise));
        Assert.False(TokenRule.MayChange(state, token, own));
        state = state.Apply(new JournalRecord.Closed(own, ClosedOutcome.Aborted, null, null, default));
        Assert.False(TokenRule.MayChange(state, token, own));
    }
}
