using System.Buffers;
using System.IO.Pipelines;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Feeds a pack to git. A small one is collected first, so that a slow client holds no git child; few objects become
/// loose ones (measured: the same time as a pack, and a thousand pushes don't leave a thousand packs to search).
/// </summary>
internal sealed class StockPackReceiver(TimeProvider clock, GitSlots slots)
{
    private const int CollectedMax = 256 * 1024;
    private const int LooseMax = 100;

    // What git says when the machine, not the pack, is at fault.
    private static readonly string[] OurFaults =
        ["No space left on device", "Disk quota exceeded", "Input/output error", "Out of memory",
            "Read-only file system"];

    /// <summary>See <see cref="IGit.ReceivePack"/>.</summary>
    public async Task<StageReply> Receive(
        string repository, string quarantine, PipeReader pack, long sizeMax, CancellationToken cancellation)
    {
        var read = await Collect(pack, cancellation);
        long count;
        try { count = PackDigest.ReadObjectCount(read.Buffer); }
        finally { pack.AdvanceTo(read.Buffer.Start); }
        // A body that came all at once is complete too, however long it is.
        var isSmall = read.IsCompleted && read.Buffer.Length < CollectedMax;
        // The child is given up before its slot.
        using var slot = await (isSmall ? slots.Short : slots.LargePacks).Enter(cancellation);
        var command = isSmall && count < LooseMax
            ? (string[])["unpack-objects", "-q", "--strict"]
            : ["index-pack", "--stdin", "--fix-thin", "--strict"];
        var start = GitEnvironment.Make(repository, quarantine, command);
        GitEnvironment.LeaveFlushing(start);
        await using var git = GitProcess.Start(start, clock);
        using var digest = new PackDigest();
        var output = Drain(git.Output);
        await Feed(pack, git, digest, sizeMax, cancellation);
        var (code, words) = await git.WaitForExit(cancellation);
        await output;
        if (code != 0) throw Rejection(words, code);
        var trailer = digest.Finish() ?? throw new PackRejectedException("The pack's checksum does not fit its bytes.");
        return new StageReply(trailer, count);
    }

    private static async Task<ReadResult> Collect(PipeReader pack, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pack.ReadAsync(cancellation);
            if (read.IsCompleted || read.Buffer.Length >= CollectedMax) return read;
            pack.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task Feed(
        PipeReader pack, GitProcess git, PackDigest digest, long sizeMax, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pack.ReadAsync(cancellation);
            try
            {
                foreach (var segment in read.Buffer)
                {
                    digest.Add(segment.Span);
                    if (digest.Length > sizeMax)
                        throw new PackRejectedException($"The pack is larger than {sizeMax} bytes.", isTooLarge: true);
                    if (!await git.TryWrite(segment, cancellation)) return;
                }
            }
            finally { pack.AdvanceTo(read.Buffer.End); }
            if (read.IsCompleted) return;
        }
    }

    // Git repeats bytes after the pack's end here; the digest refuses them.
    private static async Task Drain(Stream output)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try { while (await output.ReadAsync(buffer) > 0) { } }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { } // The child was given up.
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    internal static Exception Rejection(string words, int code)
    {
        var text = words.Length > 0 ? words : $"git ended with {code}";
        return OurFaults.Any(f => text.Contains(f, StringComparison.OrdinalIgnoreCase))
            ? new GitException(text)
            : new PackRejectedException(text);
    }
}
