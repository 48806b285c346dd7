using System.Collections.Immutable;

namespace Aedile.Grains.Interfaces.Model;

/// <summary>How a command ended.</summary>
[GenerateSerializer, Alias("model.outcome")]
public enum WriteOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>It is durable.</summary>
    Written,

    /// <summary>It breaks a rule; nothing was written.</summary>
    Refused,

    /// <summary>Nothing was written, for now: send it again.</summary>
    NotNow,

    /// <summary>The database went away in the middle: it may be written. Send the same command again.</summary>
    InDoubt,
}

/// <summary>Which rule a refused command breaks.</summary>
[GenerateSerializer, Alias("model.rule")]
public enum WriteRule
{
    /// <summary>None.</summary>
    Unknown,

    /// <summary>The command has no change, or too many, or is too large.</summary>
    Size,

    /// <summary>There is no such kind.</summary>
    Kind,

    /// <summary>The body can't be read.</summary>
    Body,

    /// <summary>A field is unknown.</summary>
    UnknownField,

    /// <summary>A field is missing.</summary>
    MissingField,

    /// <summary>A field has the wrong type.</summary>
    FieldType,

    /// <summary>A field's value is not allowed.</summary>
    Value,

    /// <summary>The id is taken.</summary>
    IdTaken,

    /// <summary>Another entity of the kind has the name.</summary>
    NameTaken,

    /// <summary>There is no such entity.</summary>
    NotFound,

    /// <summary>The entity has another version.</summary>
    Version,

    /// <summary>A reference leads nowhere.</summary>
    Reference,

    /// <summary>Others refer to the entity.</summary>
    Referenced,

    /// <summary>The idempotency key stands for another command.</summary>
    Key,

    /// <summary>The actor may not.</summary>
    Permission,
}

/// <summary>Why a command was refused.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Change">Which change, from 0.</param>
/// <param name="Field">Path of the field, as in <c>spec.replicationFactor</c>; null when it is none.</param>
/// <param name="Detail">For people.</param>
[GenerateSerializer, Immutable, Alias("model.refusal")]
public sealed record WriteRefusal(WriteRule Rule, int Change, string? Field, string Detail);

/// <summary>One entity that a command changed.</summary>
[GenerateSerializer, Immutable, Alias("model.changed")]
public sealed record ChangedEntity(string Kind, string Id);

/// <summary>Answer to a command.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Index">Of the entry, the receipt; 0 when nothing was written.</param>
/// <param name="Changed">One for each change, in order.</param>
/// <param name="Refusal">Why not; null unless refused.</param>
[GenerateSerializer, Immutable, Alias("model.reply")]
public sealed record WriteReply(
    WriteOutcome Outcome, long Index, ImmutableArray<ChangedEntity> Changed, WriteRefusal? Refusal)
{
    /// <summary>The answer to a refused command.</summary>
    public static WriteReply Refused(WriteRefusal refusal) => new(WriteOutcome.Refused, 0, [], refusal);

    /// <summary>The answer to a command that nothing is wrong with.</summary>
    public static WriteReply Later(WriteOutcome outcome) => new(outcome, 0, [], null);
}
