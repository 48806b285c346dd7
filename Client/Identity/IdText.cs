using System.Buffers.Text;

namespace Aedile.Client.Identity;

/// <summary>The shape of ids that are digests or chance.</summary>
internal static class IdText
{
    /// <summary>Unpadded base64url of exactly so many bytes, written in the one way there is.</summary>
    public static bool IsBase64Url(string? text, int bytes) =>
        text is not null && text.Length == Base64Url.GetEncodedLength(bytes)
        && CanonicalBase64Url.Decode(text)?.Length == bytes;
}
