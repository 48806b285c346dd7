using System.Text;
using Aedile.Engine.Identity;

namespace Orleans.Runtime;

/// <summary>An immutable UTF-8 text used as part of an identity, with its hash computed once.</summary>
/// <remarks>The hash is the same in every process and on every machine, so placement may rely on it.</remarks>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly byte[]? _value;
    private readonly int _hash;

    /// <summary>Takes ownership of <paramref name="value"/>: it must not be changed afterwards.</summary>
    public IdSpan(byte[] value)
    {
        _value = value;
        _hash = (int)StableHash.Of(value);
    }

    /// <summary>Whether this is the empty default, which identifies nothing.</summary>
    public bool IsDefault => _value is null;

    public ReadOnlyMemory<byte> Value => _value;

    public static IdSpan Create(string id) => new(Encoding.UTF8.GetBytes(id));

    public ReadOnlySpan<byte> AsSpan() => _value;

    /// <summary>Returns a hash that is equal in all processes; well spread over 32 bits.</summary>
    public uint GetUniformHashCode() => (uint)_hash;

    public bool Equals(IdSpan obj) =>
        ReferenceEquals(_value, obj._value) || (_hash == obj._hash && AsSpan().SequenceEqual(obj.AsSpan()));

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>Orders by bytes.</summary>
    public int CompareTo(IdSpan other) => AsSpan().SequenceCompareTo(other.AsSpan());

    public override string ToString() => _value is null ? "" : Encoding.UTF8.GetString(_value);

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
