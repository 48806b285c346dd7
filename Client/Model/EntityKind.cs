using System.Reflection;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>A type of entities. There is one instance for each: compared by reference.</summary>
[JsonConverter(typeof(EntityKindJsonConverter))]
public sealed class EntityKind : IComparable<EntityKind>
{
    private EntityKind(string name, string plural, Type specType)
    {
        Name = name;
        Plural = plural;
        SpecType = specType;
    }

    /// <summary>Singular, as in the journal.</summary>
    public string Name { get; }

    /// <summary>As in addresses.</summary>
    public string Plural { get; }

    /// <summary>The record of what its entities are; derives from <see cref="EntitySpec"/>.</summary>
    public Type SpecType { get; }

    /// <summary>The kind whose entities have this spec.</summary>
    public static EntityKind Of<TSpec>() where TSpec : EntitySpec => Kept<TSpec>.Kind;

    /// <inheritdoc/>
    public int CompareTo(EntityKind? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static class Kept<TSpec> where TSpec : EntitySpec
    {
        public static readonly EntityKind Kind = Describe();

        private static EntityKind Describe()
        {
            var names = typeof(TSpec).GetCustomAttribute<EntityKindAttribute>()
                ?? throw new InvalidOperationException($"{typeof(TSpec)} lacks its EntityKindAttribute.");
            return new EntityKind(names.Name, names.Plural, typeof(TSpec));
        }
    }
}
