using System.Buffers;
using System.Text;

namespace Aedile.Agent.Repositories;

/// <summary>Writes git's pkt-lines: four hexadecimal digits of length, themselves counted, then the bytes.</summary>
internal static class PktLine
{
    /// <summary>Ends a section.</summary>
    public static void WriteFlush(IBufferWriter<byte> output) => output.Write("0000"u8);

    /// <summary>Writes one line, in UTF-8; git allows 65516 bytes.</summary>
    public static void Write(IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text) + 4;
        Encoding.ASCII.GetBytes(length.ToString("x4", System.Globalization.CultureInfo.InvariantCulture), output);
        Encoding.UTF8.GetBytes(text, output);
    }
}
