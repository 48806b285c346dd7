using System.Collections.Immutable;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>What is known of one run of a silo.</summary>
/// <param name="Row">Its row; null when sessions name it and the table doesn't.</param>
/// <param name="HeardAt">When a new beat of it was last seen.</param>
/// <param name="GoneAt">Since when it counts as gone; null while it lives.</param>
internal sealed record SiloSight(SiloRow? Row, TimeSpan HeardAt, TimeSpan? GoneAt);

/// <summary>
/// Which silos live, judged by whether their beats go on, on this silo's own clock. Pure: a moment is the time since
/// this silo's start.
/// </summary>
/// <param name="Sights">By run.</param>
/// <param name="ReadAt">When the table was last read; null before the first time.</param>
internal sealed record SiloWatch(ImmutableDictionary<Guid, SiloSight> Sights, TimeSpan? ReadAt)
{
    /// <summary>Nothing is known.</summary>
    public static SiloWatch Empty { get; } = new(ImmutableDictionary<Guid, SiloSight>.Empty, null);

    /// <summary>The silos that live, by name.</summary>
    public IEnumerable<SiloRow> Living => Sights.Values.Where(s => s.GoneAt is null && s.Row is not null)
        .Select(s => s.Row!).OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Run);

    /// <summary>Whether a run lives.</summary>
    public bool Lives(Guid run) => Sights.TryGetValue(run, out var sight) && sight.GoneAt is null;

    /// <summary>For how long a run has been gone; null while it lives.</summary>
    public TimeSpan? GoneFor(Guid run, TimeSpan now) =>
        Sights.TryGetValue(run, out var sight) && sight.GoneAt is { } since ? now - since : null;

    /// <summary>The table was read.</summary>
    /// <param name="rows">All silos in it.</param>
    /// <param name="holders">Runs that hold a session, whether the table has them or not.</param>
    /// <param name="declaredDead">Runs that the engine's membership says are dead.</param>
    /// <param name="now">This moment.</param>
    /// <param name="silenceMax">After how long without a new beat a silo counts as gone.</param>
    public SiloWatch Read(
        ImmutableArray<SiloRow> rows, IEnumerable<Guid> holders, IReadOnlySet<Guid> declaredDead, TimeSpan now,
        TimeSpan silenceMax)
    {
        // Nobody is judged by a time in which we did not look: the database was away, or this process stood still.
        var looked = ReadAt is { } at && now - at < silenceMax / 2;
        var newest = rows.GroupBy(r => r.Name).ToDictionary(g => g.Key, g => g.MaxBy(r => r.StartedAt)!.Run);
        var mayLive = newest.Values.Where(run => !declaredDead.Contains(run)).ToHashSet();
        var sights = rows.ToImmutableDictionary(
            r => r.Run, r => Look(r, mayLive.Contains(r.Run), looked, now, silenceMax));
        foreach (var run in holders)
        {
            if (sights.ContainsKey(run)) continue;
            var since = looked && Sights.TryGetValue(run, out var sight) ? sight.GoneAt ?? now : now;
            sights = sights.Add(run, new SiloSight(null, since, since));
        }
        return new SiloWatch(sights, now);
    }

    private SiloSight Look(SiloRow row, bool mayLive, bool looked, TimeSpan now, TimeSpan silenceMax)
    {
        var before = Sights.GetValueOrDefault(row.Run);
        var isNew = !looked || before?.Row is null || before.Row.Beat != row.Beat;
        var heardAt = isNew ? now : before!.HeardAt;
        if (mayLive && row.StoppedAt is null && now - heardAt < silenceMax) return new SiloSight(row, heardAt, null);
        return new SiloSight(row, heardAt, looked && before?.GoneAt is { } since ? since : now);
    }
}
