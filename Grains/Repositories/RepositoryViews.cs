using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>What others are shown of a repository.</summary>
internal static class RepositoryViews
{
    /// <summary>The repository as it is known now; null when there is none.</summary>
    public static RepositoryView? Of(RepositoryContext context, Reconciler reconciler)
    {
        var row = context.Row.Durable;
        if (row.Status is not RepositoryStatus.Active || row.Newest is not { } newest) return null;
        var facts = context.Facts();
        var serving = ReplicaSet.Serving(row, facts);
        ImmutableArray<ReplicaView> replicas = [.. facts.Select(f => Replica(row, f, reconciler))];
        return new RepositoryView(
            row.VirtualStorage, RepositoryPath.Parse(row.Path), row.DefaultBranch, newest.Version, newest.Checksum,
            serving.IsEmpty ? null : serving[0], ReplicaSet.ForWrite(row, facts), row.CreatedAt, replicas);
    }

    /// <summary>A decision as grain contracts carry it.</summary>
    public static DecisionNoticeView? Of(DecisionNotice? notice) =>
        notice is null ? null : new DecisionNoticeView(notice.Version, notice.Base, notice.Checksum);

    private static ReplicaView Replica(RepositoryState row, ReplicaFacts facts, Reconciler reconciler)
    {
        var upToDate = ReplicaSet.IsUpToDate(row, facts);
        // Without a report since the last doubt, the row's word is the best there is.
        var version = facts.Seen is { } seen ? seen.Version : facts.State.Decided?.Version ?? facts.State.Applied;
        var checksum = facts.Seen is { } report ? report.Checksum : upToDate ? row.Newest!.Checksum : null;
        return new ReplicaView(
            facts.State.Node, version?.Generation, checksum, facts.Healthy, upToDate,
            reconciler.PhaseOf(facts.State.Node, upToDate));
    }
}
