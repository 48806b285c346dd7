namespace Aedile.Engine.Serialization;

/// <summary>The form of a value on the wire. With it a reader can skip a member that it does not know.</summary>
internal enum WireKind : byte
{
    /// <summary>The end of an object's members; as an element of a sequence: null.</summary>
    End = 0,

    /// <summary>An unsigned number, 7 bits a byte, lowest first.</summary>
    Varint = 1,

    Fixed32 = 2,

    Fixed64 = 3,

    /// <summary>A length, then so many bytes.</summary>
    Bytes = 4,

    /// <summary>Members, each with a key (number * 8 + kind), up to <see cref="End"/>.</summary>
    Object = 5,

    /// <summary>A count, then so many values, each with its kind in a byte.</summary>
    Sequence = 6,

    /// <summary>The alias of a subtype as bytes, then its members like an object's.</summary>
    Named = 7,
}
