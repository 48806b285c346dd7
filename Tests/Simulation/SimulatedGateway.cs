using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>A silo's gateway: the production push pipeline over the simulated network.</summary>
internal sealed class SimulatedGateway(Run run, SimulatedSilo silo)
{
    // Two hours of staging would outlast the run.
    private static readonly PushOptions Options = new() { StageLimit = TimeSpan.FromSeconds(60) };
    private readonly SimulatedPackStaging _staging = new(silo);

    /// <summary>Runs one push whose pack arrives in pieces, or breaks off.</summary>
    public async Task<PushReport?> Push(
        TransactionId transaction, PushRequest request, byte[] pack, ClientPace pace)
    {
        var scheduler = new ProcessPipeScheduler(silo.Process);
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: scheduler, writerScheduler: scheduler, useSynchronizationContext: false));
        using var left = CancellationTokenSource.CreateLinkedTokenSource(pace.Left);
        _ = Send(pipe.Writer, pack, left, pace);
        var pipeline = new PushPipeline(
            _staging, Options, silo.Process.Time, new SiloCrashPoints(run, silo), scheduler,
            new TraceLog(run.Scheduler.Trace, silo.Process.Name));
        try
        {
            return await pipeline.Run(
                silo.Grain, new PushTarget(run.Repository, transaction), request, pipe.Reader, () => Task.CompletedTask,
                left.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || pace.BreaksOff && error is IOException)
        {
            return null; // The client has left: there is nobody to tell.
        }
    }

    private async Task Send(PipeWriter writer, byte[] pack, CancellationTokenSource left, ClientPace pace)
    {
        var chance = pace.Chance;
        var end = pace.BreaksOff ? chance.Below(pack.Length + 1) : pack.Length;
        for (var at = 0; at < end;)
        {
            var size = Math.Min(1 + chance.Below(200), end - at);
            await writer.WriteAsync(pack.AsMemory(at, size));
            at += size;
            if (chance.OneIn(4)) await silo.Process.Time.Wait(chance.Milliseconds(0, 30));
        }
        if (!pace.BreaksOff)
        {
            await writer.CompleteAsync();
            return;
        }
        left.Cancel();
        await writer.CompleteAsync(new IOException("The client broke off."));
    }
}

/// <summary>How a client sends its pack.</summary>
/// <param name="Chance">Sizes and pauses.</param>
/// <param name="BreaksOff">Whether it vanishes in the middle.</param>
/// <param name="Left">Cancelled when it gives up.</param>
internal sealed record ClientPace(Chance Chance, bool BreaksOff, CancellationToken Left);

/// <summary>Continues pipes on their process.</summary>
internal sealed class ProcessPipeScheduler(SimulatedProcess process) : PipeScheduler
{
    public override void Schedule(Action<object?> action, object? state) => process.Run(() =>
    {
        action(state);
        return Task.CompletedTask;
    });
}

/// <summary>Streams packs to agents over the simulated network.</summary>
internal sealed class SimulatedPackStaging(SimulatedSilo silo) : IPackStaging
{
    public async Task<StageReply> Stage(
        NodeName node, RepositoryId repository, TransactionId transaction, DecisionNotice? newest, PipeReader body,
        CancellationToken cancellation)
    {
        try
        {
            var bytes = await ReadAll(body, cancellation);
            var answer = await silo.Nodes.Call(
                node, 0, new StageBody(transaction, newest, bytes), (role, c, ct) => Receive(role, repository, c, ct),
                cancellation);
            return answer.Reply ?? throw new StorageNodeRefusedException(
                HttpStatusCode.UnprocessableEntity, answer.Refusal!);
        }
        finally
        {
            await body.CompleteAsync();
        }
    }

    public async Task Renew(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation)
    {
        try
        {
            await silo.Nodes.Call(
                node, 5, transaction,
                (role, txn, _) => Task.FromResult(role.Staging.Renew(role.Shelf[repository], txn)),
                cancellation);
        }
        catch (Exception error) when (error is Grains.Repositories.StorageNodeException or OperationCanceledException)
        {
            // The prepare finds out whether the pack is still there.
        }
    }

    private static async Task<byte[]> ReadAll(PipeReader body, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            if (read.IsCompleted) return read.Buffer.ToArray();
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<StageAnswer> Receive(
        StorageRole role, RepositoryId repository, StageBody command, CancellationToken cancellation)
    {
        try
        {
            if (command.Newest is { } newest) await role.Store.Redo(repository, newest, cancellation);
            var body = PipeReader.Create(new ReadOnlySequence<byte>(command.Body));
            return new StageAnswer(
                await role.Staging.Receive(role.Shelf[repository], command.Transaction, body, cancellation), null);
        }
        catch (Exception refused) when (refused is PackRejectedException or StagingRefusedException)
        {
            return new StageAnswer(null, refused.Message);
        }
    }

    private sealed record StageBody(TransactionId Transaction, DecisionNotice? Newest, byte[] Body);

    private sealed record StageAnswer(StageReply? Reply, string? Refusal);
}
