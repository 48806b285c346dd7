using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>One definition.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Id">Its identity within the kind.</param>
/// <param name="Name">For people; unique within the kind.</param>
/// <param name="CreatedAt">When it was created (UTC, the sequencer's clock).</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Version">Index of its last change.</param>
/// <param name="Tags">Whatever its owner notes.</param>
/// <param name="Spec">What the kind adds.</param>
[JsonConverter(typeof(EntityJsonConverter))]
public sealed record Entity(
    EntityKind Kind, EntityId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version,
    ImmutableSortedDictionary<string, string> Tags, EntitySpec Spec)
{
    /// <summary>Names it.</summary>
    public EntityKey Key => new(Kind, Id);

    /// <summary>Tags of an entity that has none.</summary>
    public static ImmutableSortedDictionary<string, string> NoTags { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
