using System.Net;
using System.Net.Sockets;

namespace Aedile.Silo.Identity.Passwords;

/// <summary>
/// Slows down who asks too often, by a key: an account's name, or an address. Bounded: when too many keys are short at
/// once, all new ones share a bucket. Safe from any thread.
/// </summary>
internal sealed class Throttle(Rate rate, TimeProvider clock, int keysMax = 100_000)
{
    private const int PrefixBytes = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RateBucket> _buckets = new(StringComparer.Ordinal);
    private RateBucket _others;
    private int _sweepAt = Math.Min(1024, keysMax);

    /// <summary>How many keys are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _buckets.Count;
        }
    }

    /// <summary>
    /// The key of an address. Of IPv6 the first half: who has one address has the other half of them too.
    /// </summary>
    public static string KeyOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, PrefixBytes))
            : address.ToString();
    }

    /// <summary>Asks once.</summary>
    /// <returns>How long to wait; zero when it is allowed. A refused question costs nothing further.</returns>
    public TimeSpan Take(string key)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (_buckets.Count >= _sweepAt) Sweep(now);
            var isKept = _buckets.ContainsKey(key) || _buckets.Count < keysMax;
            var (after, wait) = (isKept ? _buckets.GetValueOrDefault(key) : _others).Take(now, rate);
            if (isKept) _buckets[key] = after;
            else _others = after;
            return wait;
        }
    }

    // A full bucket is like none. The next sweep waits until as many have come again: its cost is shared by them.
    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(now)) _buckets.Remove(key);
        }
        _sweepAt = Math.Clamp(2 * _buckets.Count, Math.Min(1024, keysMax), keysMax);
    }
}
