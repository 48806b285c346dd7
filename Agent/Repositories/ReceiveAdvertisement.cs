using System.Buffers;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// What a pushing client is told first. Ours, not git's: the gateway receives the push, so only what it can do may be
/// offered.
/// </summary>
internal static class ReceiveAdvertisement
{
    /// <summary>Writes the whole answer of <c>info/refs?service=git-receive-pack</c>.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<GitRef> refs, string agentVersion)
    {
        var capabilities =
            "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta push-options "
            + $"object-format=sha1 agent=aedile/{agentVersion}";
        PktLine.Write(output, "# service=git-receive-pack\n");
        PktLine.WriteFlush(output);
        var isFirst = true;
        foreach (var item in refs)
        {
            if (RefName.IsHidden(item.Name)) continue;
            PktLine.Write(
                output, isFirst ? $"{item.Value} {item.Name}\0{capabilities}\n" : $"{item.Value} {item.Name}\n");
            isFirst = false;
        }
        if (isFirst) PktLine.Write(output, $"{RefUpdate.Zero} capabilities^{{}}\0{capabilities}\n");
        PktLine.WriteFlush(output);
    }
}
