using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>
/// The key columns as the official ADO.NET provider fills them: it takes a key that reads as a guid or as a hexadecimal
/// integer for one, whatever the grain's contract says.
/// </summary>
internal static class OfficialStateKey
{
    private const byte ExtensionMark = (byte)'+';
    private const int GuidDigits = 32;

    /// <exception cref="ArgumentException">The key reads as a number but is not written like one, so that it would
    /// share the row of another key.</exception>
    public static StateKey Of(GrainId grain)
    {
        var key = grain.Key.AsSpan();
        if (AsGuid(key) is { } guid) return Checked(grain, guid.Key, guid.Canonical);
        if (AsInteger(key) is { } integer) return Checked(grain, integer.Key, integer.Canonical);
        return new StateKey(HashOf([], key), 0, 0, grain.Key.ToString());
    }

    private static StateKey Checked(GrainId grain, StateKey key, string canonical)
    {
        var text = grain.Key.ToString();
        var plain = key.Text.Length == 0 ? canonical : $"{canonical}{(char)ExtensionMark}{key.Text}";
        return text == plain ? key : throw new ArgumentException(
            $"The state of {grain} can't be kept in PostgreSQL: its key reads as a number and would share the row of "
            + $"'{plain}'. Use that key, or one that is no number.");
    }

    private static (StateKey Key, string Canonical)? AsGuid(ReadOnlySpan<byte> key)
    {
        var hasExtension = key.Length > GuidDigits && key[GuidDigits] == ExtensionMark;
        if (key.Length != GuidDigits && !hasExtension) return null;
        if (!Utf8Parser.TryParse(key[..GuidDigits], out Guid guid, out var length, 'N') || length != GuidDigits)
            return null;

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes);
        var extension = hasExtension ? key[(GuidDigits + 1)..] : [];
        return (
            new StateKey(
                HashOf(bytes, extension), BinaryPrimitives.ReadInt64LittleEndian(bytes),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), Encoding.UTF8.GetString(extension)),
            guid.ToString("N"));
    }

    private static (StateKey Key, string Canonical)? AsInteger(ReadOnlySpan<byte> key)
    {
        var mark = key.IndexOf(ExtensionMark);
        var digits = mark < 0 ? key : key[..mark];
        if (!Utf8Parser.TryParse(digits, out long integer, out var length, 'X') || length != digits.Length)
            return null;

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, integer);
        var extension = mark < 0 ? [] : key[(mark + 1)..];
        return (
            new StateKey(HashOf(bytes, extension), 0, integer, Encoding.UTF8.GetString(extension)),
            GrainKeys.From(integer).ToString());
    }

    /// <summary>The provider's hash: it takes the digest's canonical bytes, most significant first, for a number
    /// whose least significant byte is first, and keeps it in a signed column.</summary>
    public static int HashOf(ReadOnlySpan<byte> bytes) =>
        unchecked((int)BinaryPrimitives.ReverseEndianness(StableHash.Of(bytes)));

    // It hashes a key's bytes in reverse.
    private static int HashOf(ReadOnlySpan<byte> number, ReadOnlySpan<byte> text)
    {
        byte[] bytes = [.. number, .. text];
        Array.Reverse(bytes);
        return HashOf(bytes);
    }
}
