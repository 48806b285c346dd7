using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Grains.Interfaces.Model;

/// <summary>A transaction.</summary>
/// <param name="Id">Made by who asks: the same command sent again has the same id.</param>
/// <param name="Actor">Who wants it, for the audit.</param>
/// <param name="Key">The client's idempotency key; null when it gave none.</param>
/// <param name="Changes">In order; a later one sees what the earlier ones made. At most 1,000.</param>
/// <param name="Rights">By what right; looked at again when the command is decided.</param>
[GenerateSerializer, Immutable, Alias("model.command")]
public sealed record WriteCommand(
    Guid Id, string Actor, string? Key, ImmutableArray<WriteChange> Changes, ActorRights Rights);

/// <summary>One change of a transaction.</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Id">Whose; a creation may leave it to the sequencer with null.</param>
/// <param name="ExpectedVersion">The change is refused when the entity has another; null: whichever.</param>
/// <param name="Body">JSON with name, tags and spec; null for a deletion.</param>
[GenerateSerializer, Immutable, Alias("model.change")]
public sealed record WriteChange(ChangeVerb Verb, string Kind, string? Id, long? ExpectedVersion, string? Body);
