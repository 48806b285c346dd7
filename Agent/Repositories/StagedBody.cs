using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Aedile.Agent.Repositories;

/// <summary>Reads the head of a staged pack's body: pkt-lines of tips up to a flush; the pack follows.</summary>
internal static class StagedBody
{
    private const int TipsMax = 100_000;
    private const int LineLength = 4 + 40;

    /// <summary>The tips. Afterwards the reader stands at the pack's first byte.</summary>
    /// <exception cref="PackRejectedException">The head is malformed or cut off.</exception>
    public static async Task<IReadOnlyList<string>> ReadTips(PipeReader body, CancellationToken cancellation)
    {
        var tips = new List<string>();
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var rest = read.Buffer;
            var isEnd = false;
            // A read left open would cost the gateway its connection: the host could not read the rest away.
            try { isEnd = TakeTips(ref rest, tips); }
            finally { body.AdvanceTo(rest.Start, isEnd ? rest.Start : read.Buffer.End); }
            if (isEnd) return tips;
            if (read.IsCompleted) throw new PackRejectedException("The body ends before the flush-pkt after the tips.");
        }
    }

    // True: the flush-pkt was there.
    private static bool TakeTips(ref ReadOnlySequence<byte> rest, List<string> tips)
    {
        while (TryReadLine(ref rest, out var tip))
        {
            if (tip is null) return true;
            if (tips.Count == TipsMax) throw new PackRejectedException($"There are more than {TipsMax} tips.");
            tips.Add(tip);
        }
        return false;
    }

    // Null stands for the flush-pkt. Tips have one length, so anything else is refused at once.
    private static bool TryReadLine(ref ReadOnlySequence<byte> rest, out string? tip)
    {
        tip = null;
        if (rest.Length < 4) return false;
        var prefix = Encoding.Latin1.GetString(rest.Slice(0, 4));
        if (prefix == "0000")
        {
            rest = rest.Slice(4);
            return true;
        }
        if (!int.TryParse(prefix, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
            || length is not (LineLength or LineLength + 1))
            throw new PackRejectedException("A tip is not a pkt-line with one object id.");
        if (rest.Length < length) return false;
        tip = Encoding.Latin1.GetString(rest.Slice(4, length - 4));
        if (tip.EndsWith('\n')) tip = tip[..^1];
        if (!RefName.IsObjectId(tip)) throw new PackRejectedException("A tip is not an object id.");
        rest = rest.Slice(length);
        return true;
    }
}
