using System.Security.Cryptography;
using System.Text;

namespace Aedile.Tests.Simulation;

/// <summary>
/// Packs of the simulation: a line <c>object parent</c> for each commit, then the 40 digits of a hash of what came
/// before, so that a torn one is known as such.
/// </summary>
internal sealed record SimulatedPack(string Checksum, IReadOnlyDictionary<string, string> Objects)
{
    private const int TrailerSize = 40;

    /// <summary>The bytes of a pack.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> objects)
    {
        var text = "SPACK\n" + string.Concat(objects.Select(o => $"{o.Key} {o.Value}\n"));
        return Encoding.ASCII.GetBytes(text + Hash(Encoding.ASCII.GetBytes(text)));
    }

    /// <summary>The pack; null when it is cut off or damaged.</summary>
    public static SimulatedPack? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TrailerSize) return null;
        var checksum = Encoding.ASCII.GetString(bytes[^TrailerSize..]);
        if (Hash(bytes[..^TrailerSize]) != checksum) return null;
        var lines = Encoding.ASCII.GetString(bytes[..^TrailerSize]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new SimulatedPack(checksum, lines.Skip(1).ToDictionary(l => l[..40], l => l[41..]));
    }

    /// <summary>An object's name: as long as git's, of a hash that is quicker to have.</summary>
    public static string Name(string content) => Hash(Encoding.ASCII.GetBytes(content));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..40];
}
