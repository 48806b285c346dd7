using System.Text;

namespace Aedile.Client.Fleet;

/// <summary>
/// The reason in a WebSocket's close frame, which holds at most 123 bytes of it (RFC 6455, section 5.5).
/// </summary>
/// <remarks>Both ends send the whole reason in a <see cref="SessionMessage.GoAway"/> before.</remarks>
public static class CloseText
{
    /// <summary>How long a reason may be, in bytes of UTF-8.</summary>
    public const int BytesMax = 123;

    /// <summary>Returns the reason, or as many of its characters as fit.</summary>
    public static string Of(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Encoding.UTF8.GetByteCount(reason) <= BytesMax) return reason;
        var (bytes, length) = (0, 0);
        foreach (var rune in reason.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > BytesMax) break;
            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return reason[..length];
    }
}
