using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>What a member's value can be compared with.</summary>
internal enum MemberType
{
    /// <summary>Never used.</summary>
    Unknown,

    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="decimal"/>.</summary>
    Number,

    /// <summary>A <see cref="bool"/>.</summary>
    Flag,

    /// <summary>A <see cref="DateTimeOffset"/>.</summary>
    Time,

    /// <summary>An <see cref="IEnumerable{T}"/> of <see cref="string"/>.</summary>
    Texts,

    /// <summary>Something with parts of its own: it is there or not.</summary>
    Parts,
}

/// <summary>A member that the entities of a kind have.</summary>
/// <param name="Path">As JSON names it: <c>spec.isDrained</c>.</param>
/// <param name="Type">What <paramref name="Read"/> gives.</param>
/// <param name="Read">The value; null when the entity has none. Cost: some ten nanoseconds a step of the path.</param>
/// <param name="Choices">The only texts that it may be; empty when it may be any.</param>
internal sealed record EntityMember(
    string Path, MemberType Type, Func<Entity, object?> Read, ImmutableArray<string> Choices)
{
    /// <summary>Whether a list can be sorted by it.</summary>
    public bool IsSortable => Type is MemberType.Text or MemberType.Number or MemberType.Flag or MemberType.Time;

    /// <summary>Orders two values of one member: none comes first, texts by their characters' numbers.</summary>
    public static int Compare(object? one, object? other) => (one, other) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string text, string than) => string.CompareOrdinal(text, than),
        _ => ((IComparable)one).CompareTo(other),
    };
}
