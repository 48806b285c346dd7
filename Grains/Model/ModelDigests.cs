using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>What histories and contents are compared by.</summary>
internal static class ModelDigests
{
    /// <summary>Digest of the empty history.</summary>
    public static readonly string OfNothing = new('0', 64);

    /// <summary>Digest of a history with one more entry.</summary>
    public static string Next(string digest, string content)
    {
        var bytes = new byte[32 + Encoding.UTF8.GetMaxByteCount(content.Length)];
        Convert.FromHexString(digest, bytes, out _, out _);
        var length = 32 + Encoding.UTF8.GetBytes(content, bytes.AsSpan(32));
        return Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length)));
    }

    /// <summary>Digest of an entity: the first half of SHA-256 over its JSON.</summary>
    public static UInt128 Of(Entity entity)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(entity, Wire.Json), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
