using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Runs <c>git upload-pack</c> between two pipes. Bytes are read from the child into the response's own memory.
/// </summary>
internal sealed class UploadPack(GitSlots slots, TimeProvider clock)
{
    private const int Chunk = 64 * 1024;

    // Git clients ask for 65536 prefixes of refs at most.
    private const int ListingMax = 16 * 1024 * 1024;

    // What git says when the request, not the replica, is at fault.
    private static readonly string[] ClientFaults =
    [
        "protocol error", "unexpected line", "unknown capability", "unknown object format", "unknown command",
        "invalid command", "no command requested", "expected flush", "hung up unexpectedly", "not negotiated",
        "Invalid deepen", "ambiguous deepen", "cannot be used together", "invalid shallow line", "expected SHA1",
        "no commits selected for shallow", "after already requesting command", "mismatched object format",
        "unexpected response end",
    ];

    /// <summary>
    /// The whole request if it lists refs (protocol v2), which must not run beside a commit: so no commit waits for
    /// the client. Null for any other, of which nothing is consumed.
    /// </summary>
    /// <exception cref="BadHttpRequestException">It is longer than any list needs.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadListing(
        PipeReader request, string? protocol, CancellationToken cancellation)
    {
        if (!await ListsRefs(request, protocol, cancellation)) return null;
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.ReadAsync(cancellation);
            foreach (var segment in read.Buffer) whole.Write(segment.Span);
            request.AdvanceTo(read.Buffer.End);
            if (whole.WrittenCount > ListingMax)
                throw new BadHttpRequestException(
                    "The request for a list of refs is too long.", StatusCodes.Status413PayloadTooLarge);
            if (read.IsCompleted) return whole.WrittenMemory;
        }
    }

    private static async Task<bool> ListsRefs(PipeReader request, string? protocol, CancellationToken cancellation)
    {
        if (!SpeaksV2(protocol)) return false;
        const string command = "command=ls-refs";
        while (true)
        {
            var read = await request.ReadAsync(cancellation);
            var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 4 + command.Length));
            var text = Encoding.Latin1.GetString(start);
            var isEnough = text.Length == 4 + command.Length || read.IsCompleted;
            request.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough) return text.Length > 4 && text[4..] == command;
        }
    }

    /// <summary>Writes the answer of <c>info/refs</c>, as <c>git http-backend</c> does.</summary>
    public async Task Advertise(
        string repository, string? protocol, IBufferWriter<byte> output, CancellationToken cancellation)
    {
        if (!SpeaksV2(protocol))
        {
            PktLine.Write(output, "# service=git-upload-pack\n");
            PktLine.WriteFlush(output);
        }
        // Not a fetch's slot: those wait for slow clients, and commits wait for lists.
        using var slot = await slots.Short.Enter(cancellation);
        await using var git = GitProcess.Start(Command(repository, protocol, "--http-backend-info-refs"), clock);
        git.CloseInput();
        await Collect(git, output, cancellation);
    }

    /// <summary>Answers a whole request into memory.</summary>
    public async Task Answer(
        string repository, string? protocol, ReadOnlyMemory<byte> request, IBufferWriter<byte> output,
        CancellationToken cancellation)
    {
        using var slot = await slots.Short.Enter(cancellation);
        await using var git = GitProcess.Start(Command(repository, protocol), clock);
        var feeding = Feed(PipeReader.Create(new ReadOnlySequence<byte>(request)), git, cancellation);
        await Collect(git, output, cancellation);
        await feeding;
    }

    /// <summary>
    /// Answers a request while it computes. Once bytes went out, an error can only cut the answer short.
    /// </summary>
    public async Task Stream(
        string repository, string? protocol, PipeReader request, PipeWriter response, CancellationToken cancellation)
    {
        using var slot = await slots.Fetches.Enter(cancellation);
        await using var git = GitProcess.Start(Command(repository, protocol), clock);
        var feeding = Feed(request, git, cancellation);
        var isSilent = true;
        while (true)
        {
            var read = await git.Output.ReadAsync(response.GetMemory(Chunk), cancellation);
            if (read == 0) break;
            isSilent = false;
            response.Advance(read);
            await response.FlushAsync(cancellation);
        }
        await feeding;
        await End(git, isSilent, cancellation);
    }

    private static bool SpeaksV2(string? protocol) => protocol?.Split(':').Contains("version=2") ?? false;

    private static ProcessStartInfo Command(string repository, string? protocol, params string[] options)
    {
        var start = GitEnvironment.Make(
            repository, null, ["upload-pack", "--strict", "--stateless-rpc", .. options, repository]);
        // It finds the repository by its argument.
        start.Environment.Remove("GIT_DIR");
        if (protocol is not null) start.Environment["GIT_PROTOCOL"] = protocol;
        return start;
    }

    private static async Task Collect(GitProcess git, IBufferWriter<byte> output, CancellationToken cancellation)
    {
        var isSilent = true;
        while (true)
        {
            var read = await git.Output.ReadAsync(output.GetMemory(Chunk), cancellation);
            if (read == 0) break;
            isSilent = false;
            output.Advance(read);
        }
        await End(git, isSilent, cancellation);
    }

    private static async Task End(GitProcess git, bool isSilent, CancellationToken cancellation)
    {
        var (code, words) = await git.WaitForExit(cancellation);
        // Of a commit that it does not have git has told the client in the answer, which is complete with that.
        if (code == 0 || (!isSilent && words.Contains("not our ref", StringComparison.Ordinal))) return;
        if (isSilent && ClientFaults.Any(f => words.Contains(f, StringComparison.Ordinal)))
            throw new BadHttpRequestException($"git upload-pack refused the request: {words}");
        throw new GitException($"git upload-pack ended with {code}: {words}");
    }

    private static async Task Feed(PipeReader request, GitProcess git, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await request.ReadAsync(cancellation);
            try
            {
                foreach (var segment in read.Buffer)
                    if (!await git.TryWrite(segment, cancellation)) return;
            }
            finally { request.AdvanceTo(read.Buffer.End); }
            if (read.IsCompleted) break;
        }
        git.CloseInput();
    }
}
