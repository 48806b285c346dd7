using System.Security.Cryptography;
using System.Text;

namespace Aedile.Client.Repositories;

/// <summary>What a replica promises in a prepare, as one hash: equal votes mean equal promises.</summary>
public static class PrepareVote
{
    /// <summary>
    /// SHA-256 (64 hex digits) over transaction, token, base version, updates and resulting checksum, each on a line of
    /// its own. Ref names hold no line feed, so the text is unambiguous. Updates count in ordinal order of their names.
    /// </summary>
    public static string Compute(
        TransactionId transaction, CommandToken token, ReplicaVersion baseVersion, IEnumerable<RefUpdate> updates,
        string checksum)
    {
        var text = new StringBuilder();
        text.Append(transaction).Append('\n').Append(token).Append('\n').Append(baseVersion).Append('\n');
        foreach (var update in updates.OrderBy(u => u.Name, StringComparer.Ordinal))
            text.Append(update.Old).Append(' ').Append(update.New).Append(' ').Append(update.Name).Append('\n');
        text.Append(checksum).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
