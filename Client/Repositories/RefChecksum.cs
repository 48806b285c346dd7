using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Aedile.Client.Repositories;

/// <summary>
/// Content checksum of a replica: the sum modulo 2^256 of SHA-256 over each <c>name SP value LF</c> line of its refs,
/// and of HEAD with <c>ref: target</c> as its value. A sum does not depend on order and can be moved by one update
/// without listing the refs; unlike XOR, it does not forget a line that is counted twice (Bellare and Micciancio,
/// "A New Paradigm for Collision-Free Hashing", 1997).
/// </summary>
public readonly record struct RefChecksum
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;
    private readonly BigInteger _sum;

    private RefChecksum(BigInteger sum) => _sum = sum;

    /// <summary>
    /// Checksum of a repository without refs whose HEAD points at <paramref name="branch"/> (a full name).
    /// </summary>
    public static RefChecksum OfEmpty(string branch) => default(RefChecksum).Plus("HEAD", "ref: " + branch);

    /// <summary>Checksum with one more line. Cost: one SHA-256.</summary>
    public RefChecksum Plus(string name, string value) => new((_sum + Line(name, value)) % Modulus);

    /// <summary>Checksum with one line less; the line must have been counted before.</summary>
    public RefChecksum Minus(string name, string value) => new((_sum + Modulus - Line(name, value)) % Modulus);

    /// <summary>
    /// Checksum after the updates, each of which must have been valid on this content. Cost: two SHA-256 each.
    /// </summary>
    public RefChecksum After(IEnumerable<RefUpdate> updates)
    {
        var sum = this;
        foreach (var update in updates)
        {
            if (!update.IsCreate) sum = sum.Minus(update.Name, update.Old);
            if (!update.IsDelete) sum = sum.Plus(update.Name, update.New);
        }
        return sum;
    }

    /// <summary>Parses the 64 hexadecimal digits that <see cref="ToString"/> gives.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static RefChecksum Parse(string text) =>
        text.Length == 64
            ? new RefChecksum(
                BigInteger.Parse("0" + text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{text}' is not a checksum of 64 hexadecimal digits.");

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[33];
        bytes.Clear();
        var raw = _sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        raw.CopyTo(bytes[(33 - raw.Length)..]);
        return Convert.ToHexStringLower(bytes[1..]);
    }

    private static BigInteger Line(string name, string value) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {value}\n")), isUnsigned: true, isBigEndian: true);
}
