using System.Collections.Immutable;
using System.Text;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>
/// The silos that host grains under a view, and which grain lives on which of them: rendezvous hashing, so that a
/// silo that comes or goes moves only its own share. Pure, and equal on all machines.
/// </summary>
internal sealed class HostSet
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio: odd, and its bits are mixed.

    private readonly ulong[] _seeds;

    public HostSet(IEnumerable<SiloAddress> silos)
    {
        Silos = [.. silos.Order().Distinct()];
        _seeds = [.. Silos.Select(SeedOf)];
        Identity = _seeds.Aggregate(Multiplier, (identity, seed) => Mix(identity ^ seed) + seed);
    }

    public static HostSet Empty { get; } = new([]);

    /// <summary>Ordered by address.</summary>
    public ImmutableArray<SiloAddress> Silos { get; }

    /// <summary>Equal for equal sets, and for no others that a fleet will ever see.</summary>
    public ulong Identity { get; }

    /// <summary>Returns a grain's silo; null when there is none. Cost: one multiplication for each silo.</summary>
    public SiloAddress? OwnerOf(GrainId grain)
    {
        var hash = Mix(((ulong)grain.Type.GetUniformHashCode() << 32) | grain.Key.GetUniformHashCode());
        SiloAddress? owner = null;
        var best = 0UL;
        for (var i = 0; i < _seeds.Length; i++)
        {
            var score = Mix(hash ^ _seeds[i]);
            if (owner is not null && score <= best) continue; // At a tie, the first address wins everywhere.
            (owner, best) = (Silos[i], score);
        }

        return owner;
    }

    private static ulong SeedOf(SiloAddress silo)
    {
        var text = silo.ToParsableString();
        var high = StableHash.Of(Encoding.UTF8.GetBytes(text));
        var low = StableHash.Of(Encoding.UTF8.GetBytes(text + "/placement"));
        return Mix(((ulong)high << 32) | low);
    }

    // The halves of the 128-bit product, folded: every bit of the input reaches every bit of the result.
    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ Multiplier, Multiplier, out var low);
        return high ^ low;
    }
}
