using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Reads a push up to its pack, strictly: <c>gitprotocol-pack</c>, "Reference Update Request And Packfile Transfer".
/// What is merely not allowed becomes a rejection of that ref; what is no protocol ends the request.
/// </summary>
internal sealed class PushRequestReader(PipeReader body, PushOptions limits)
{
    private const int OidLength = 40;
    private const int CommandMin = (2 * OidLength) + 2;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private readonly List<RefUpdate> _commands = [];
    private PushCapabilities? _capabilities;
    private long _bytes;

    /// <summary>Reads commands and push options; the reader then stands at the pack.</summary>
    /// <exception cref="GitProtocolException">The bytes are malformed or exceed a limit.</exception>
    public async Task<PushRequest> Read(CancellationToken cancellation)
    {
        while (await ReadText(cancellation) is { } line) Take(line);
        var options = ImmutableArray.CreateBuilder<string>();
        if (_capabilities is { PushOptions: true })
            while (await ReadText(cancellation) is { } option) options.Add(option.TrimEnd('\n'));

        var (updates, rejections) = Sort();
        return new PushRequest(
            updates, rejections, _capabilities ?? PushCapabilities.Parse(""), options.ToImmutable());
    }

    private async ValueTask<string?> ReadText(CancellationToken cancellation)
    {
        var line = await PktLine.Read(body, cancellation);
        if (line.IsFlush) return null;
        // With its length, or empty packets, which gzip shrinks to nothing, would fill the memory.
        _bytes += PktLine.HeaderBytes + line.Payload.Length;
        if (_bytes > limits.CommandBytesMax)
            throw GitProtocolException.TooLarge($"commands and options may have {limits.CommandBytesMax} bytes");
        try
        {
            return Utf8.GetString(line.Payload);
        }
        catch (DecoderFallbackException)
        {
            throw GitProtocolException.Malformed("names and options must be UTF-8");
        }
    }

    private void Take(string line)
    {
        if (line.StartsWith("push-cert", StringComparison.Ordinal))
            throw GitProtocolException.Malformed("signed pushes are not supported");
        if (line.StartsWith("shallow ", StringComparison.Ordinal))
        {
            // Where the client's history ends. What it pushes must connect to ours; the replicas check that.
            if (!IsOid(line.AsSpan("shallow ".Length).TrimEnd('\n')))
                throw GitProtocolException.Malformed("bad shallow line");
            return;
        }
        var nul = line.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            if (_commands.Count > 0) throw GitProtocolException.Malformed("capabilities behind a later command");
            _capabilities = PushCapabilities.Parse(line[(nul + 1)..].TrimEnd('\n'));
            line = line[..nul];
        }
        if (_commands.Count == limits.RefsMax)
            throw GitProtocolException.TooLarge($"one push may update {limits.RefsMax} refs");
        _commands.Add(ParseCommand(line.TrimEnd('\n')));
    }

    private static RefUpdate ParseCommand(string line)
    {
        if (line.Length <= CommandMin || line[OidLength] != ' ' || line[CommandMin - 1] != ' '
            || !IsOid(line.AsSpan(0, OidLength)) || !IsOid(line.AsSpan(OidLength + 1, OidLength)))
            throw GitProtocolException.Malformed("a command must be 'old-id new-id name'");
        // Ids are compared as text from here on.
        return new RefUpdate(
            line[CommandMin..], line[..OidLength].ToLowerInvariant(),
            line.Substring(OidLength + 1, OidLength).ToLowerInvariant());
    }

    private static bool IsOid(ReadOnlySpan<char> text) =>
        text.Length == OidLength && !text.ContainsAnyExcept(HexDigits);

    private (ImmutableArray<RefUpdate>, ImmutableArray<RefResult>) Sort()
    {
        var twice = _commands.GroupBy(c => c.Name).Where(g => g.Skip(1).Any()).Select(g => g.Key).ToHashSet();
        var updates = ImmutableArray.CreateBuilder<RefUpdate>();
        var rejections = ImmutableArray.CreateBuilder<RefResult>();
        foreach (var command in _commands.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            var reason = !RefName.IsValid(command.Name) ? "funny refname"
                : twice.Contains(command.Name) ? "multiple updates for one ref"
                : command is { IsCreate: true, IsDelete: true } ? "there is no such ref to delete"
                : null;
            if (reason is null) updates.Add(command);
            else rejections.Add(new RefResult(command.Name, reason));
        }
        return (updates.ToImmutable(), rejections.ToImmutable());
    }
}
