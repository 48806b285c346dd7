using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Which commands a replica takes, by their tokens. Pure.</summary>
internal static class TokenRule
{
    /// <summary>Whether a command of this epoch comes from an activation that was overtaken.</summary>
    public static bool IsStale(ReplicaState state, CommandToken token) => token.Epoch < state.HighestToken.Epoch;

    /// <summary>
    /// Whether a command that changes refs or the replica may run: its token is higher than all before. An equal one
    /// may only be the same transaction again, when the first time held nothing and it has not ended since.
    /// </summary>
    public static bool MayChange(ReplicaState state, CommandToken token, TransactionId? transaction = null)
    {
        if (token > state.HighestToken) return true;
        return token == state.HighestToken && transaction is not null && state.HighestBy == transaction
            && state.Open is null && !state.Closed.Any(c => c.Transaction == transaction);
    }
}
