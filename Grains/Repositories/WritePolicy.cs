using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Which updates are refused before anything is staged. Pure. Reasons are git's own words.</summary>
internal static class WritePolicy
{
    /// <summary>Refs below this are ours alone.</summary>
    public const string HiddenPrefix = "refs/internal/";

    /// <summary>
    /// The updates refused, with the reason; under <paramref name="atomic"/> one refusal refuses all.
    /// </summary>
    public static ImmutableArray<RefResult> Refuse(RepositoryState row, ImmutableArray<RefUpdate> updates, bool atomic)
    {
        ImmutableArray<RefResult> refused =
            [.. updates.Select(u => new RefResult(u.Name, Reason(row, u))).Where(r => r.Reason is not null)];
        return atomic && !refused.IsEmpty ? RefuseAll(updates, refused) : refused;
    }

    /// <summary>All updates, those not in <paramref name="refused"/> because the push is atomic.</summary>
    public static ImmutableArray<RefResult> RefuseAll(
        ImmutableArray<RefUpdate> updates, ImmutableArray<RefResult> refused) =>
        [
            .. updates.Select(u =>
                refused.FirstOrDefault(r => r.Name == u.Name) ?? new RefResult(u.Name, "atomic push failed")),
        ];

    private static string? Reason(RepositoryState row, RefUpdate update)
    {
        if (update.Name.StartsWith(HiddenPrefix, StringComparison.Ordinal))
            return update.IsDelete ? "deny deleting a hidden ref" : "deny updating a hidden ref";
        return update.IsDelete && update.Name == row.DefaultBranch ? "deletion of the current branch prohibited" : null;
    }
}
