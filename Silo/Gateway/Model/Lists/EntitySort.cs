using System.Collections.Immutable;
using System.Globalization;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>A member that a list is sorted by.</summary>
internal readonly record struct SortKey(EntityMember Member, bool IsDescending)
{
    /// <inheritdoc/>
    public override string ToString() => IsDescending ? "-" + Member.Path : Member.Path;
}

/// <summary>
/// The order of a list, as in <c>name,-updatedAt</c>; the id decides in the end, so that every entity has one place.
/// </summary>
/// <param name="Keys">Empty: by name, as the model keeps them; every other order is made anew for each page.</param>
internal sealed record EntitySort(ImmutableArray<SortKey> Keys)
{
    /// <summary>Most members that a list is sorted by.</summary>
    public const int KeysMax = 4;

    // A place must fit into a cursor, and a cursor into an address.
    private const int TextMax = 255;

    /// <summary>By name.</summary>
    public static EntitySort ByName { get; } = new(ImmutableArray<SortKey>.Empty);

    /// <summary>Whether pages follow the order that the model keeps.</summary>
    public bool IsByName => Keys.IsEmpty;

    /// <summary>Reads an order for the entities of a kind.</summary>
    public static (EntitySort? Sort, QueryFault? Fault) Parse(string text, EntityMembers members)
    {
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        var column = 1;
        foreach (var part in text.Split(','))
        {
            var isDescending = part is ['-', ..];
            var path = isDescending ? part[1..] : part;
            if (members.Find(path) is not { } member) return Refuse(column, members.DescribeMissing(path));
            if (!member.IsSortable) return Refuse(column, $"'{path}' has no order.");
            if (keys.Any(key => key.Member.Path == path)) return Refuse(column, $"'{path}' is there twice.");
            keys.Add(new SortKey(member, isDescending));
            if (keys.Count > KeysMax) return Refuse(column, $"a list is sorted by {KeysMax} members at most.");
            column += part.Length + 1;
        }

        // Names are unique: what follows decides nothing.
        return (keys[0].ToString() == "name" ? ByName : new EntitySort(keys.ToImmutable()), null);
    }

    /// <summary>Where an entity stands: a value for each key, and its id.</summary>
    public object?[] PlaceOf(Entity entity)
    {
        var place = new object?[Keys.Length + 1];
        for (var i = 0; i < Keys.Length; i++) place[i] = Cut(Keys[i].Member.Read(entity));
        place[^1] = entity.Id.Value;
        return place;
    }

    /// <summary>Orders two places.</summary>
    public int Compare(object?[] one, object?[] other)
    {
        for (var i = 0; i < Keys.Length; i++)
        {
            var order = EntityMember.Compare(one[i], other[i]);
            if (order != 0) return Keys[i].IsDescending ? -order : order;
        }

        return EntityMember.Compare(one[^1], other[^1]);
    }

    /// <summary>A place as a cursor keeps it.</summary>
    public static ImmutableArray<string?> Write(object?[] place) =>
    [
        .. place.Select(value => value switch
        {
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            null => null,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        }),
    ];

    /// <summary>The place that <see cref="Write"/> gave; null when it can't be that.</summary>
    public object?[]? Read(ReadOnlySpan<string?> written)
    {
        if (written.Length != Keys.Length + 1 || written[^1] is null) return null;
        var place = new object?[written.Length];
        for (var i = 0; i < Keys.Length; i++)
        {
            if (written[i] is not { } text) continue;
            place[i] = Read(Keys[i].Member.Type, text);
            if (place[i] is null) return null;
        }

        place[^1] = written[^1];
        return place;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Keys);

    private static object? Read(MemberType type, string text) => type switch
    {
        MemberType.Text => text,
        MemberType.Number => FilterValues.ParseNumber(text),
        MemberType.Flag => bool.TryParse(text, out var flag) ? flag : null,
        MemberType.Time => DateTimeOffset.TryParseExact(
            text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null,
        _ => null,
    };

    // Not between the two halves of a character: half of one is no text.
    private static object? Cut(object? value) => value is string { Length: > TextMax } text
        ? text[..(char.IsHighSurrogate(text[TextMax - 1]) ? TextMax - 1 : TextMax)]
        : value;

    private static (EntitySort?, QueryFault?) Refuse(int column, string detail) =>
        (null, new QueryFault(column, detail));
}
