using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Fleet;

/// <summary>
/// Name of a node: 1 to 63 of <c>a-z 0-9 -</c>, beginning and ending with a letter or digit (a DNS label).
/// </summary>
[JsonConverter(typeof(TextJsonConverter<NodeName>))]
public readonly record struct NodeName : IParsable<NodeName>, IComparable<NodeName>
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _value;

    private NodeName(string value) => _value = value;

    /// <summary>The name as text; empty for the default value, which no node has.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static NodeName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not a node name.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out NodeName result)
    {
        var valid = s is { Length: >= 1 and <= 63 } && s[0] is not '-' && s[^1] is not '-'
            && !s.AsSpan().ContainsAnyExcept(Allowed);
        result = valid ? new NodeName(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
