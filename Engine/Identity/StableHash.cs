using System.Buffers.Binary;
using System.Numerics;

namespace Aedile.Engine.Identity;

/// <summary>xxHash32 with seed 0 (specification: the xxHash fast digest algorithm, 32-bit variant).</summary>
/// <remarks>
/// <see cref="HashCode"/> is seeded per process; identities need a hash that all silos, and two runs of one
/// simulated seed, agree on.
/// </remarks>
internal static class StableHash
{
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var length = (uint)data.Length;
        var hash = data.Length >= 16 ? OfStripes(ref data) : Prime5;
        hash += length;

        while (data.Length >= 4)
        {
            hash += BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3;
            hash = BitOperations.RotateLeft(hash, 17) * Prime4;
            data = data[4..];
        }

        foreach (var b in data)
        {
            hash += b * Prime5;
            hash = BitOperations.RotateLeft(hash, 11) * Prime1;
        }

        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint OfStripes(ref ReadOnlySpan<byte> data)
    {
        var (a, b, c, d) = (unchecked(Prime1 + Prime2), Prime2, 0u, unchecked(0u - Prime1));
        while (data.Length >= 16)
        {
            a = Round(a, BinaryPrimitives.ReadUInt32LittleEndian(data));
            b = Round(b, BinaryPrimitives.ReadUInt32LittleEndian(data[4..]));
            c = Round(c, BinaryPrimitives.ReadUInt32LittleEndian(data[8..]));
            d = Round(d, BinaryPrimitives.ReadUInt32LittleEndian(data[12..]));
            data = data[16..];
        }

        return BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
            + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
    }

    private static uint Round(uint lane, uint input) =>
        BitOperations.RotateLeft(lane + (input * Prime2), 13) * Prime1;
}
