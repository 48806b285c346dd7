using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Turns what directory and grain know into what REST shows. Pure.</summary>
internal static class RepositoryResources
{
    private const string BranchPrefix = "refs/heads/";

    /// <summary>A repository; <paramref name="view"/> is null while its grain doesn't know it.</summary>
    public static RepositoryResource Describe(RepositoryRecord record, RepositoryView? view) => new(
        record.Id, record.VirtualStorage.Value, record.Path.Value, view?.Version.Generation ?? 0, view?.Primary,
        DescribeState(record.Stage, view?.Writable), Shorten(view?.DefaultBranch ?? record.DefaultBranch),
        record.CreatedAt,
        view is null
            ? [.. record.Nodes.Select(n => new ReplicaResource(n, null, false, false, true, null, "waiting"))]
            : [.. view.Replicas.Select(r => Describe(r, record))]);

    /// <summary>A repository whose coordinator does not answer.</summary>
    public static RepositoryResource DescribeSilent(RepositoryRecord record) =>
        Describe(record, null) with
        {
            State = "unknown",
            Replicas = [.. record.Nodes.Select(n => new ReplicaResource(n, null, false, false, true, null, "none"))],
        };

    /// <summary>A write's outcome.</summary>
    public static TransactionResource Describe(TransactionId id, TransactionView view) => new(
        id, view.Outcome switch
        {
            TransactionOutcome.Committed => "committed",
            TransactionOutcome.Aborted => "aborted",
            TransactionOutcome.Pending => "pending",
            _ => "unknown",
        }, view.Generation);

    private static ReplicaResource Describe(ReplicaView replica, RepositoryRecord record) => new(
        replica.Node, replica.Generation, replica.Healthy, replica.UpToDate, record.Nodes.Contains(replica.Node),
        replica.Checksum, replica.Repair switch
        {
            RepairPhase.Waiting => "waiting",
            RepairPhase.Fetching => "fetching",
            RepairPhase.Joining => "joining",
            _ => "none",
        });

    private static string DescribeState(RepositoryStage state, Availability? writable) => state switch
    {
        RepositoryStage.Creating => "creating",
        RepositoryStage.Deleting => "deleting",
        _ => writable switch
        {
            Availability.Available => "active",
            Availability.TooFewReplicas => "readOnly",
            Availability.DataLoss => "dataLoss",
            // The directory says it exists and its grain doesn't know it: a part of the database went back.
            _ => "registryRegressed",
        },
    };

    private static string Shorten(string branch) =>
        branch.StartsWith(BranchPrefix, StringComparison.Ordinal) ? branch[BranchPrefix.Length..] : branch;
}
