using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client.Model;
using Aedile.Dashboard.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Model.Lists;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// Parts of lists for pages that ask once a second: while a kind doesn't change, the same question has the same answer,
/// which is kept. So an open page with a filter over a million entities costs nothing until one of them changes.
/// </summary>
internal sealed class EntityWindows(ModelReplica replica)
{
    private const int TakeMax = 200;
    private const int KeptMax = 64;

    private readonly ConcurrentDictionary<EntityQuery, Kept> _kept = new();

    /// <summary>The part; what depends on the viewer is not set.</summary>
    public EntityWindow Get(EntityQuery query)
    {
        var state = replica.Current;
        var all = state.List(query.Kind);
        // The list of a kind is another object after each change of the kind, and only then.
        if (_kept.TryGetValue(query, out var kept) && ReferenceEquals(kept.All, all)) return kept.Window;
        if (_kept.Count >= KeptMax) _kept.Clear();
        var window = Make(query, state, all.Count);
        _kept[query] = new Kept(all, window);
        return window;
    }

    private static EntityWindow Make(EntityQuery query, ModelState state, int count)
    {
        var members = EntityMembers.Of(query.Kind);
        var (filter, fault) = query.Filter.Length == 0
            ? (null, null)
            : FilterParser.Parse(Expand(query.Filter), members);
        if (fault is not null) return Refuse($"The filter: {fault}");
        var (sort, sortFault) = query.Sort.Length == 0
            ? (EntitySort.ByName, null)
            : EntitySort.Parse(query.Sort, members);
        if (sort is null) return Refuse($"The order: {sortFault}");
        var after = query.After.Length == 0
            ? [] : JsonSerializer.Deserialize<ImmutableArray<string?>>(query.After);
        var list = new EntityList(filter, sort, Math.Clamp(query.Take, 1, TakeMax), after);
        if (!list.IsAfterSound) list = list with { After = [] };
        return list.Take(state, query.Kind) is { } part
            ? new EntityWindow(
                part.Items, part.Next is { } next ? JsonSerializer.Serialize(next) : null, count, null, false, false)
            : Refuse($"A kind of more than {EntityList.SortedMax} entities is sorted by name only.");

        EntityWindow Refuse(string why) => new([], null, count, why, false, false);
    }

    // A word alone is what people type: a part of the name.
    private static string Expand(string filter) =>
        filter.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/')
            ? $"name contains \"{filter}\""
            : filter;

    private sealed record Kept(ImmutableSortedSet<Entity> All, EntityWindow Window);
}
