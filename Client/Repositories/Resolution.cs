using System.Text.Json.Serialization;
using Aedile.Client.Fleet;

namespace Aedile.Client.Repositories;

/// <summary>A storage node's question about a promise whose outcome it doesn't know.</summary>
public sealed record OpenEntryQuestion(
    NodeName Node, RepositoryId Repository, TransactionId Transaction, CommandToken Token, ReplicaVersion Base);

/// <summary>What became of a promise, for the replica that asks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResolutionOutcome>))]
public enum ResolutionOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Decided with this replica among its voters: redo.</summary>
    Committed,

    /// <summary>Can never be decided for this replica: undo.</summary>
    Aborted,

    /// <summary>Not known yet: ask again.</summary>
    Pending,
}

/// <summary>Answer to an <see cref="OpenEntryQuestion"/>.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Decision">The decision to redo, with <see cref="ResolutionOutcome.Committed"/>.</param>
public sealed record Resolution(ResolutionOutcome Outcome, DecisionNotice? Decision = null);
