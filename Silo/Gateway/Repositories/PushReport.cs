using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// What a client is told of its push (<c>report-status</c>; v2 has the same lines when no hook rewrites refs).
/// </summary>
/// <param name="Unpack">Null when the pack was taken, else why not.</param>
/// <param name="Results">One for each command; a reason means that the ref did not change.</param>
internal sealed record PushReport(string? Unpack, ImmutableArray<RefResult> Results)
{
    private const int ReasonMax = 1000;

    /// <summary>A report in which no ref changed, for one reason.</summary>
    public static PushReport Refuse(IEnumerable<string> names, string reason, string? unpack = null) =>
        new(unpack, [.. names.Select(n => new RefResult(n, reason))]);

    /// <summary>Writes its pkt-lines and the flush behind them.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        Line(to, $"unpack {(Unpack is null ? "ok" : OneLine(Unpack))}\n");
        foreach (var result in Results)
            Line(to, result.Reason is null ? $"ok {result.Name}\n" : $"ng {result.Name} {OneLine(result.Reason)}\n");
        PktLine.WriteFlush(to);
    }

    private static void Line(IBufferWriter<byte> to, string text) => PktLine.Write(to, Encoding.UTF8.GetBytes(text));

    private static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ").Replace('\0', ' ');
        return line.Length <= ReasonMax ? line : line[..ReasonMax];
    }
}
