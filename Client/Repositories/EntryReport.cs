using System.Text.Json.Serialization;

namespace Aedile.Client.Repositories;

/// <summary>What a replica's journal says of one write.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryOutcome>))]
public enum EntryOutcome
{
    /// <summary>It says nothing (any more). The write is not thereby aborted.</summary>
    Unknown,

    /// <summary>Applied here, or decided and being applied.</summary>
    Committed,

    /// <summary>Promised here and undone, because it can never be decided for this replica.</summary>
    Undone,

    /// <summary>Promised here; the outcome isn't known here yet.</summary>
    Open,
}

/// <summary>Answer to <c>GET /v1/replicas/{id}/transactions/{txn}</c>.</summary>
/// <param name="Outcome">What the journal says.</param>
/// <param name="Generation">The generation the write made, when committed.</param>
public sealed record EntryReport(EntryOutcome Outcome, long? Generation);
