using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Reads the protocol's own headers. A header that is there and can't be read is a 400.</summary>
internal static class VersionHeaders
{
    /// <summary>The version wanted by a read.</summary>
    public const string Wanted = "Aedile-Version";

    /// <summary>The newest decision that names the replica.</summary>
    public const string Decision = "Aedile-Decision";

    /// <summary>The wanted version; null without the header.</summary>
    /// <exception cref="BadHttpRequestException">It can't be read.</exception>
    public static ReplicaVersion? ReadWanted(HttpRequest request)
    {
        string? text = request.Headers[Wanted];
        if (text is null) return null;
        return TryParse(text, out var version)
            ? version
            : throw new BadHttpRequestException($"{Wanted} must be generation/transaction.");
    }

    /// <summary>The decision; null without the header.</summary>
    /// <exception cref="BadHttpRequestException">It can't be read.</exception>
    public static DecisionNotice? ReadDecision(HttpRequest request)
    {
        string? text = request.Headers[Decision];
        if (text is null) return null;
        return text.Split(' ') is [var basis, var version, var checksum] && TryParse(basis, out var from)
            && TryParse(version, out var to) && checksum.Length == 64 && checksum.All(char.IsAsciiHexDigitLower)
            ? new DecisionNotice(to.Value, from.Value, checksum)
            : throw new BadHttpRequestException($"{Decision} must be base version, version and checksum.");
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out ReplicaVersion? version)
    {
        version = null;
        if (text.Split('/') is not [var generation, var transaction]
            || !long.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !TransactionId.TryParse(transaction, null, out var id)) return false;
        version = new ReplicaVersion(number, id);
        return true;
    }
}
