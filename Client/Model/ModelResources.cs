using System.Collections.Immutable;

namespace Aedile.Client.Model;

/// <summary>Answer to <c>GET /v1/model</c>: what the answering silo's replica holds.</summary>
/// <param name="Timeline">Tells this history from that of another installation, or from before a restore.</param>
/// <param name="Index">Of the newest entry.</param>
/// <param name="Digest">Of the history: equal at equal indexes on all silos.</param>
/// <param name="ContentDigest">Of what is defined, whatever the history.</param>
/// <param name="At">When the newest entry was decided (UTC).</param>
/// <param name="AgeMs">How long ago the replica was known to be the newest, in milliseconds.</param>
/// <param name="IsWritable">Whether the journal could be reached when it was last asked.</param>
/// <param name="Kinds">All kinds, by name.</param>
public sealed record ModelResource(
    string Timeline, long Index, string Digest, string ContentDigest, DateTimeOffset At, long AgeMs, bool IsWritable,
    ImmutableArray<KindResource> Kinds);

/// <summary>A kind.</summary>
/// <param name="Name">Singular.</param>
/// <param name="Plural">As in addresses.</param>
/// <param name="Count">How many entities it has.</param>
public sealed record KindResource(string Name, string Plural, int Count);

/// <summary>A page of entities.</summary>
/// <param name="Items">By name.</param>
/// <param name="NextCursor">For the next page; null when this is the last one.</param>
/// <param name="Index">The index that the page was read at.</param>
public sealed record EntityPage(ImmutableArray<Entity> Items, string? NextCursor, long Index);

/// <summary>A transaction as a client asks for it.</summary>
/// <param name="Changes">In order; a later one sees what the earlier ones made.</param>
public sealed record TransactionRequest(ImmutableArray<ChangeRequest> Changes);

/// <summary>One change of it.</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Id">Whose; a creation may leave it out.</param>
/// <param name="ExpectedVersion">The change is refused when the entity has another; null: whichever.</param>
/// <param name="Body">Name, tags and spec; null for a deletion.</param>
public sealed record ChangeRequest(
    ChangeVerb Verb, string Kind, string? Id = null, long? ExpectedVersion = null,
    System.Text.Json.JsonElement? Body = null);

/// <summary>What a change does. The numbers travel between silos: never changed, new ones at the end.</summary>
public enum ChangeVerb
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Makes an entity.</summary>
    Create,

    /// <summary>Replaces name, tags and spec.</summary>
    Update,

    /// <summary>Merges name, tags and spec (RFC 7396).</summary>
    Patch,

    /// <summary>Removes an entity.</summary>
    Delete,
}

/// <summary>Answer to a write.</summary>
/// <param name="Index">Of its entry: what <c>atLeast</c> waits for.</param>
/// <param name="IsApplied">Whether the answering silo shows it already.</param>
/// <param name="Changed">The entities, one for each change, in order.</param>
public sealed record ReceiptResource(long Index, bool IsApplied, ImmutableArray<EntityKey> Changed);

/// <summary>Answer to an import: the history that it began.</summary>
/// <param name="Timeline">Its name.</param>
/// <param name="Index">Of its first entry: what <c>atLeast</c> waits for.</param>
/// <param name="Entities">How many definitions it began with.</param>
/// <param name="ContentDigest">Of these.</param>
public sealed record ImportResource(string Timeline, long Index, int Entities, string ContentDigest);
