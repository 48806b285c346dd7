using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Makes a repository: intent, replicas, decision. Taken up again, it goes on where it stopped.</summary>
internal sealed class CreationRun(RepositoryContext context)
{
    /// <summary>See <see cref="IRepositoryGrain.Create"/>.</summary>
    public async Task<CreateReply> Run(CreateRepository command, Func<RepositoryView?> view)
    {
        using var turn = await context.Order.Enter();
        if (context.Row.Durable.Status is RepositoryStatus.Unknown)
            await context.Row.Write(row => RowChange.Create(row, command));

        var row = context.Row.Durable;
        if (row.Status is RepositoryStatus.Deleting or RepositoryStatus.Deleted || !IsSame(row, command))
            return new CreateReply(CreateOutcome.Conflict, null, "the id belongs to another or a deleted repository");
        if (row.Status is RepositoryStatus.Active) return new CreateReply(CreateOutcome.Created, view(), null);

        var version = RowChange.FirstVersion(context.Row.Id);
        var order = new CreateReplica(context.Row.NextToken(), version, row.DefaultBranch);
        var answers = await Task.WhenAll(row.Replicas.Select(r => CreateOn(r.Node, order)));
        ImmutableArray<NodeName> created = [.. answers.OfType<NodeName>()];
        var quorum = ReplicaSet.Quorum(row.Replicas.Length);
        if (created.Length < quorum)
            return new CreateReply(
                CreateOutcome.TooFewNodes, null,
                $"{created.Length} of {row.Replicas.Length} nodes answered, {quorum} are needed");

        await context.Row.Write(state => RowChange.Activate(state, context.Row.Id, created));
        context.Log.Created(context.Row.Id, string.Join(", ", created));
        if (created.Length < row.Replicas.Length) context.Settle();
        return new CreateReply(CreateOutcome.Created, view(), null);
    }

    private static bool IsSame(RepositoryState row, CreateRepository command) =>
        row.VirtualStorage == command.VirtualStorage && row.Path == command.Path.Value
        && row.DefaultBranch == command.DefaultBranch;

    private async Task<NodeName?> CreateOn(NodeName node, CreateReplica command)
    {
        var askedAt = context.Row.AskNow();
        try
        {
            var reply = await context.Nodes.Create(node, context.Row.Id, command, CancellationToken.None);
            await context.Heard(node, askedAt, reply.Report);
            return reply.Outcome is CommandOutcome.Done ? node : null;
        }
        catch (StorageNodeException error)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            return null;
        }
    }
}
