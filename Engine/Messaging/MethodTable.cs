using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Aedile.Engine.Identity;
using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Messaging;

/// <summary>
/// The methods that other processes may call, by the bytes of their names. Nothing else can be called.
/// </summary>
internal sealed class MethodTable
{
    private readonly FrozenDictionary<byte[], BoundMethod>.AlternateLookup<ReadOnlySpan<byte>> _methods;

    private MethodTable() => _methods = new Dictionary<byte[], BoundMethod>(new ByBytes())
        .ToFrozenDictionary(new ByBytes()).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <param name="methods">Of all contracts; one that several contracts inherit stands there for each.</param>
    /// <param name="codecs">Makes them ready for the wire.</param>
    /// <exception cref="InvalidOperationException">Two contracts have one alias.</exception>
    public MethodTable(IEnumerable<BoundMethod> methods, Codecs codecs)
    {
        var known = new Dictionary<byte[], BoundMethod>(new ByBytes());
        foreach (var method in methods)
        {
            method.Wire ??= new WireMethod(method.Definition, codecs);
            if (known.TryAdd(method.Wire.Name.ToArray(), method)) continue;
            throw new InvalidOperationException(
                $"{method.Definition.Contract} and another contract have one alias: calls could reach the wrong one.");
        }

        _methods = known.ToFrozenDictionary(known.Comparer).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Nothing can be called.</summary>
    public static MethodTable Empty { get; } = new();

    /// <param name="name">Contract and method, as in <see cref="WireMethod.Name"/>.</param>
    /// <param name="method">The method.</param>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out BoundMethod? method) =>
        _methods.TryGetValue(name, out method);

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)StableHash.Of(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
