namespace Orleans.Runtime;

/// <summary>The name of a grain class in identities, for instance <c>repository</c>.</summary>
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    public GrainType(IdSpan id) => Value = id;

    /// <summary>Takes ownership of <paramref name="value"/>, which is UTF-8 text.</summary>
    public GrainType(byte[] value) => Value = new IdSpan(value);

    public IdSpan Value { get; }

    public bool IsDefault => Value.IsDefault;

    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return new GrainType(IdSpan.Create(value));
    }

    public ReadOnlySpan<byte> AsSpan() => Value.AsSpan();

    /// <summary>Returns a hash that is equal in all processes.</summary>
    public uint GetUniformHashCode() => Value.GetUniformHashCode();

    public bool Equals(GrainType obj) => Value.Equals(obj.Value);

    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    public override int GetHashCode() => Value.GetHashCode();

    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
}
