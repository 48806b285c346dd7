using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>
/// Identity of an entity within its kind, chosen by who creates it or given by the model, never changed and never used
/// again by the model: 1 to 63 of <c>a-z 0-9 -</c>, beginning and ending with a letter or digit.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<EntityId>))]
public readonly record struct EntityId : IParsable<EntityId>, IComparable<EntityId>
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _value;

    private EntityId(string value) => _value = value;

    /// <summary>The id as text; empty for the default value, which no entity has.</summary>
    public string Value => _value ?? "";

    /// <summary>Makes an id from 128 bits of the caller's source of chance.</summary>
    public static EntityId From(Guid bits) => new(bits.ToString("N"));

    /// <inheritdoc/>
    public static EntityId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an entity's id.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntityId result)
    {
        var valid = s is { Length: >= 1 and <= 63 } && s[0] is not '-' && s[^1] is not '-'
            && !s.AsSpan().ContainsAnyExcept(Allowed);
        result = valid ? new EntityId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(EntityId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
