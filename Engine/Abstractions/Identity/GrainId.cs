using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Names one grain in the fleet: its type and its key. Text form <c>type/key</c>.</summary>
public readonly struct GrainId : IEquatable<GrainId>, IComparable<GrainId>, IParsable<GrainId>
{
    public GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
    }

    public GrainType Type { get; }

    public IdSpan Key { get; }

    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <exception cref="FormatException"><paramref name="value"/> is not of the form <c>type/key</c>.</exception>
    public static GrainId Parse(string value) => Parse(value, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static GrainId Parse(string value, IFormatProvider? provider) =>
        TryParse(value, provider, out var id)
            ? id
            : throw new FormatException($"'{value}' is no grain id: expected type/key, for instance repository/r1.");

    public static bool TryParse(string? value, out GrainId result) => TryParse(value, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? value, IFormatProvider? provider, out GrainId result)
    {
        var slash = value?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0 || slash == value!.Length - 1)
        {
            result = default;
            return false;
        }

        result = Create(value[..slash], value[(slash + 1)..]);
        return true;
    }

    /// <summary>Returns a hash of type and key that is equal in all processes.</summary>
    public uint GetUniformHashCode() => (Type.GetUniformHashCode() * 31) ^ Key.GetUniformHashCode();

    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    public override int GetHashCode() => (int)GetUniformHashCode();

    public int CompareTo(GrainId other)
    {
        var byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    public override string ToString() => $"{Type}/{Key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
