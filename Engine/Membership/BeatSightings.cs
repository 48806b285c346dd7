using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// When this silo saw each beat of the others first, by its own clock: a lease is over when its last beat was seen
/// longer ago than that, whatever happened to anybody's wall clock. Thread-safe.
/// </summary>
internal sealed class BeatSightings(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, (DateTimeOffset Beat, long SeenAt)> _seen = [];

    /// <summary>Notes the beats in a table that was read from the database just now.</summary>
    public void Note(MembershipTableSnapshot read)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            foreach (var entry in read.Entries)
            {
                // Different, not later: the database's clock may have been set back.
                if (_seen.TryGetValue(entry.Address, out var last) && last.Beat == entry.AliveAt) continue;
                _seen[entry.Address] = (entry.AliveAt, now);
            }

            foreach (var gone in _seen.Keys.Where(silo => read.Find(silo) is null).ToList()) _seen.Remove(gone);
        }
    }

    /// <summary>Returns for how much longer a silo may hold its lease; all of it when it was never seen.</summary>
    public TimeSpan LeaseLeft(SiloAddress silo, TimeSpan lease)
    {
        lock (_lock)
        {
            if (!_seen.TryGetValue(silo, out var last)) return lease;
            var left = lease - clock.GetElapsedTime(last.SeenAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
