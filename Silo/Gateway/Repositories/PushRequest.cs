using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>What a client asks for, before its pack.</summary>
/// <param name="Updates">The updates that can be tried, in ordinal order of their names; no name twice.</param>
/// <param name="Rejections">Those that can't, with git's words.</param>
/// <param name="Capabilities">What the client chose.</param>
/// <param name="Options">Its push options.</param>
internal sealed record PushRequest(
    ImmutableArray<RefUpdate> Updates, ImmutableArray<RefResult> Rejections, PushCapabilities Capabilities,
    ImmutableArray<string> Options)
{
    /// <summary>Whether it is only the four bytes with which git tries whether it may push at all.</summary>
    public bool IsProbe => Updates.IsEmpty && Rejections.IsEmpty;
}

/// <summary>Capabilities that change what we do; others are accepted and mean nothing here.</summary>
/// <param name="ReportStatus">Whether the client wants a report at all.</param>
/// <param name="SideBand">Whether answers go in bands of up to 65,520 bytes.</param>
/// <param name="Atomic">Whether all refs or none must change.</param>
/// <param name="PushOptions">Whether push options follow the commands.</param>
internal sealed record PushCapabilities(bool ReportStatus, bool SideBand, bool Atomic, bool PushOptions)
{
    /// <summary>Parses the list behind the NUL of the first command.</summary>
    /// <exception cref="GitProtocolException">It asks for objects that are named in another way than ours.</exception>
    public static PushCapabilities Parse(string list)
    {
        var names = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var format = names.FirstOrDefault(n => n.StartsWith("object-format=", StringComparison.Ordinal));
        if (format is not (null or "object-format=sha1"))
            throw GitProtocolException.Malformed("this repository's object format is sha1");
        return new PushCapabilities(
            names.Contains("report-status") || names.Contains("report-status-v2"), names.Contains("side-band-64k"),
            names.Contains("atomic"), names.Contains("push-options"));
    }
}
