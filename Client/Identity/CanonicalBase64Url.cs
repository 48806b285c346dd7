using System.Buffers;
using System.Buffers.Text;

namespace Aedile.Client.Identity;

/// <summary>
/// Base64url without padding (RFC 7515), in the one way each value has: two texts for one signature would be two
/// tokens.
/// </summary>
public static class CanonicalBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The bytes; null if the text is none, has padding or white space, or bits that are not used.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Alphabet)) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // Not TryDecodeFromChars: it throws where the length can't be.
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) is not OperationStatus.Done) return null;
        if (written != bytes.Length) Array.Resize(ref bytes, written);
        return Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(text) ? bytes : null;
    }

    /// <summary>The same for a text that may be missing.</summary>
    public static byte[]? Decode(string? text) => text is null ? null : Decode(text.AsSpan());
}
