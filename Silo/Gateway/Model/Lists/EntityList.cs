using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>A part of a list.</summary>
/// <param name="Items">In order; without secrets.</param>
/// <param name="Next">Where the next part begins, for its cursor; null when there is none.</param>
internal sealed record EntityListPart(ImmutableArray<Entity> Items, ImmutableArray<string?>? Next);

/// <summary>
/// Which entities of a kind are asked for, and in which order. Pure. By name a part costs the entities that are looked
/// at, <see cref="LookedAtMax"/> at most: when few match, a part may have few or no items and still a next one. In
/// another order each part looks at all entities of the kind, <see cref="SortedMax"/> at most.
/// </summary>
/// <param name="Filter">Null: all of them.</param>
/// <param name="Sort">The order.</param>
/// <param name="Limit">Most items.</param>
/// <param name="After">What the part before gave as next; empty at the beginning.</param>
internal sealed record EntityList(
    FilterExpression? Filter, EntitySort Sort, int Limit, ImmutableArray<string?> After)
{
    /// <summary>Most entities that one part by name looks at.</summary>
    public const int LookedAtMax = 100_000;

    /// <summary>Most entities that a kind may have to be sorted otherwise than by name.</summary>
    public const int SortedMax = 100_000;

    /// <summary>Whether <see cref="After"/> is a place in this order.</summary>
    public bool IsAfterSound => After.IsEmpty
        || (After[0] == Sort.ToString()
            && (Sort.IsByName ? After is [_, not null] : Sort.Read(After.AsSpan()[1..]) is not null));

    /// <summary>The part that is asked for; null when the kind has too many entities to be sorted so.</summary>
    public EntityListPart? Take(ModelState state, EntityKind kind)
    {
        if (Sort.IsByName) return TakeByName(state, kind);
        return state.List(kind).Count <= SortedMax ? TakeSorted(state.List(kind)) : null;
    }

    private EntityListPart TakeByName(ModelState state, EntityKind kind)
    {
        var items = ImmutableArray.CreateBuilder<Entity>();
        var lookedAt = 0;
        var last = After.IsEmpty ? "" : After[1]!;
        foreach (var entity in state.ListAfter(kind, last))
        {
            if (++lookedAt > LookedAtMax) return new EntityListPart(items.ToImmutable(), ["", last]);
            var shown = ReaderView.Of(entity);
            if (Filter?.Matches(shown) is not false)
            {
                if (items.Count == Limit) return new EntityListPart(items.ToImmutable(), ["", items[^1].Name]);
                items.Add(shown);
            }

            last = entity.Name;
        }

        return new EntityListPart(items.ToImmutable(), null);
    }

    // Keeps the first ones only, the last of them on top.
    private EntityListPart TakeSorted(ImmutableSortedSet<Entity> all)
    {
        var after = After.IsEmpty ? null : Sort.Read(After.AsSpan()[1..]);
        var first = new PriorityQueue<Entity, object?[]>(
            Comparer<object?[]>.Create((one, other) => Sort.Compare(other, one)));
        foreach (var entity in all)
        {
            var shown = ReaderView.Of(entity);
            if (Filter?.Matches(shown) is false) continue;
            var place = Sort.PlaceOf(shown);
            if (after is not null && Sort.Compare(place, after) <= 0) continue;
            if (first.Count <= Limit) first.Enqueue(shown, place);
            else first.EnqueueDequeue(shown, place);
        }

        var isMore = first.Count > Limit;
        if (isMore) first.Dequeue();
        ImmutableArray<string?>? next = isMore && first.TryPeek(out _, out var last)
            ? [Sort.ToString(), .. EntitySort.Write(last)] : null;
        var items = new Entity[first.Count];
        for (var i = items.Length - 1; i >= 0; i--) items[i] = first.Dequeue();
        return new EntityListPart(ImmutableArray.Create(items), next);
    }
}
