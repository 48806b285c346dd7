using System.Collections.Immutable;
using System.Globalization;
using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Microsoft.AspNetCore.Http;

namespace Aedile.Tests.Simulation;

/// <summary>How a silo's grain reaches agents: as the production client does, over the simulated network.</summary>
internal sealed class SimulatedStorageNodes(Run run, SimulatedSilo silo) : IStorageNodes
{
    public bool IsHealthy(NodeName node) => silo.Sessions.Get(node) is not null;

    public Uri? GetEndpoint(NodeName node) => silo.Sessions.IsKnown(node) ? new Uri($"http://{node}/") : null;

    public Task<ReplicaReport> Report(NodeName node, RepositoryId repository, CancellationToken cancellation) =>
        Call(node, 2, repository, (role, id, ct) => role.Store.Report(id, ct), cancellation);

    public Task<EntryReport> Entry(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
        Call(node, 2, transaction, (role, txn, ct) => role.Store.Entry(repository, txn, ct), cancellation);

    public Task<CommandReply> Create(
        NodeName node, RepositoryId repository, CreateReplica command, CancellationToken cancellation) =>
        Call(node, 5, command, (role, c, ct) => role.Store.Create(repository, c, ct), cancellation);

    public Task<PrepareReply> Prepare(
        NodeName node, RepositoryId repository, PrepareWrite command, CancellationToken cancellation) =>
        Call(node, 10, command, (role, c, ct) =>
        {
            Check(c.Updates);
            return run.Sabotage.Prepare(role.State, repository, c, role.Store.Prepare(repository, c, ct));
        }, cancellation);

    public Task<CommandReply> Commit(
        NodeName node, RepositoryId repository, CommitWrite command, CancellationToken cancellation) =>
        Call(node, 10, command, (role, c, ct) =>
            run.Checks.Answered(node, role.Store.Commit(repository, c, ct)), cancellation);

    public Task<CommandReply> Abort(
        NodeName node, RepositoryId repository, AbortWrite command, CancellationToken cancellation) =>
        Call(node, 2, command, (role, c, ct) => role.Store.Abort(repository, c, ct), cancellation);

    public async Task<CommandReply> Repair(
        NodeName node, RepositoryId repository, RepairReplica command, CancellationToken cancellation)
    {
        var reply = await Call(node, 0, command, (role, c, ct) =>
            run.Checks.Answered(node, role.Store.Repair(repository, c, ct)), cancellation);
        if (reply.Outcome is CommandOutcome.Done && command.Final) run.Done.Count("repairs finished");
        return reply;
    }

    public Task<CommandReply> Delete(
        NodeName node, RepositoryId repository, DeleteReplica command, CancellationToken cancellation) =>
        Call(node, 5, command, (role, c, ct) => role.Store.Delete(repository, c, ct), cancellation);

    /// <summary>A call with the rules of the production client; 0 seconds: the caller's token alone ends it.</summary>
    public async Task<TReply> Call<TCommand, TReply>(
        NodeName node, int seconds, TCommand command,
        Func<StorageRole, TCommand, CancellationToken, Task<TReply>> handler, CancellationToken cancellation)
        where TCommand : notnull where TReply : notnull
    {
        if (silo.Sessions.Get(node) is not { } session) throw new StorageNodeException($"Node {node} has no session.");
        using var deadline = new CancellationTokenSource(
            seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), silo.Process.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, session.Ending.Token, cancellation);
        try
        {
            return await run.Network.Call(silo.Process, node, command, handler, any.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new StorageNodeException(string.Create(
                CultureInfo.InvariantCulture,
                $"Node {node} did not answer within {seconds} s or lost its session."), error);
        }
    }

    private static void Check(ImmutableArray<RefUpdate> updates)
    {
        try { CommandRules.CheckUpdates(updates); }
        catch (BadHttpRequestException refused) { throw new RefusedCallException(refused.Message); }
    }
}

/// <summary>The endpoint would answer 400: our programs disagree.</summary>
internal sealed class RefusedCallException(string message) : Exception(message);
