using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// Who watches whom: each silo watches its successors on a ring, so that each is watched by as many. Pure.
/// </summary>
internal static class ProbeRing
{
    /// <summary>Returns the silos that one watches, nearest first.</summary>
    public static ImmutableArray<SiloAddress> WatchedBy(
        SiloAddress self, MembershipTableSnapshot view, int count)
    {
        var ring = view.Entries.Where(entry => entry.MayHoldGrains && !entry.Address.Equals(self))
            .Select(entry => (entry.Address, Distance: unchecked(PlaceOf(entry.Address) - PlaceOf(self))))
            .OrderBy(other => other.Distance).ThenBy(other => other.Address);
        return [.. ring.Take(count).Select(other => other.Address)];
    }

    // By hash, not by address: silos of one machine or rack, which fail together, don't watch only each other.
    private static uint PlaceOf(SiloAddress silo)
    {
        Span<byte> salted = stackalloc byte[64];
        var text = silo.ToParsableString();
        var length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, 56)), salted);
        BinaryPrimitives.WriteUInt32LittleEndian(salted[length..], 0x52494e47); // Unlike the seeds of placement.
        return StableHash.Of(salted[..(length + 4)]);
    }
}
