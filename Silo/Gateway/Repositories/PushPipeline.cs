using System.Collections.Immutable;
using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// A push from its parsed commands to its report: begin, stage, push. It knows neither HTTP nor the system clock, so
/// that simulation runs the same code. What it reports as done is decided; what it can't know it reports as unknown.
/// </summary>
internal sealed class PushPipeline(
    IPackStaging staging, PushOptions options, TimeProvider clock, ICrashPoints points, PipeScheduler scheduler,
    ILogger log)
{
    private static readonly TimeSpan OutcomePause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs one push.</summary>
    /// <param name="grain">Coordinator of the repository.</param>
    /// <param name="push">The repository and the write's new id.</param>
    /// <param name="request">What the client asks for.</param>
    /// <param name="pack">The bytes behind the commands; always read to their end before this returns.</param>
    /// <param name="packRead">Called when the client has sent everything and waits for an answer; idempotent.</param>
    /// <param name="client">The client left. Before its pack is staged that ends the push; afterwards it means
    /// nothing.</param>
    /// <exception cref="GitProtocolException">The pack is too large or its client too slow; nothing was
    /// changed.</exception>
    /// <exception cref="IOException">The client broke off; nothing was changed. Likewise for a
    /// cancellation.</exception>
    public async Task<PushReport> Run(
        IRepositoryGrain grain, PushTarget push, PushRequest request, PipeReader pack, Func<Task> packRead,
        CancellationToken client)
    {
        if (request.Updates.IsEmpty || (request.Capabilities.Atomic && !request.Rejections.IsEmpty))
            return await Refuse(request, "atomic push failed", pack, packRead, client);

        BeginReply begun;
        try
        {
            begun = await grain.Begin(
                new BeginPush(push.Transaction, request.Updates, request.Capabilities.Atomic), client);
        }
        catch (Exception error) when (!client.IsCancellationRequested)
        {
            // Whatever kept the coordinator from answering, nothing has begun.
            log.NotBegun(error, push.Repository, push.Transaction);
            return await Refuse(
                request, "the repository's coordinator did not answer; try again", pack, packRead, client);
        }
        if (Explain(begun.Availability) is { } reason)
            return await Refuse(request, reason, pack, packRead, client);

        var pushed = false;
        try
        {
            request = Without(request, begun.Rejections);
            if (request.Updates.IsEmpty) return await Refuse(request, "rejected", pack, packRead, client);
            return await Stage(grain, push, request, begun, pack, packRead, () => pushed = true, client);
        }
        finally
        {
            if (!pushed) await GiveUp(grain, push);
        }
    }

    private async Task<PushReport> Stage(
        IRepositoryGrain grain, PushTarget push, PushRequest request, BeginReply begun, PipeReader pack,
        Func<Task> packRead, Action pushing, CancellationToken client)
    {
        var tips = request.Updates.Where(u => !u.IsDelete).Select(u => u.New).Distinct().ToImmutableArray();
        if (tips.IsEmpty)
        {
            // What came with refs that were rejected since is of no use.
            await Drain(pack, client);
            await packRead();
            pushing();
            return await Push(grain, push, request, [.. begun.Participants.Select(p => p.Node)], hasPack: false);
        }
        await using var fanOut = new PackFanOut(push, staging, options, clock, scheduler, log);
        using var over = new CancellationTokenSource();
        var renewing = fanOut.RenewLeases(over.Token);
        try
        {
            var outcome = await fanOut.Run(begun, tips, pack, packRead, client);
            if (outcome is StagingOutcome.Failed failed)
            {
                log.NotStaged(push.Repository, push.Transaction, failed.Reason);
                return await Refuse(
                    request, failed.PackRefused ? "unpacker error" : failed.Reason, pack, packRead, client,
                    failed.PackRefused ? failed.Reason : null);
            }
            points.Reach("staged");
            pushing();
            return await Push(grain, push, request, ((StagingOutcome.Staged)outcome).Nodes, hasPack: true);
        }
        finally
        {
            over.Cancel();
            await renewing;
        }
    }

    private async Task<PushReport> Push(
        IRepositoryGrain grain, PushTarget push, PushRequest request, ImmutableArray<NodeName> nodes, bool hasPack)
    {
        try
        {
            var reply = await grain.Push(
                new StagedPush(push.Transaction, request.Updates, request.Capabilities.Atomic, hasPack, nodes),
                CancellationToken.None);
            return reply.Outcome switch
            {
                PushOutcome.Committed => Report(request, u => Committed(reply, u.Name)),
                PushOutcome.Rejected => Report(request, u => ReasonOf(reply, u.Name) ?? "rejected"),
                PushOutcome.Failed => Report(
                    request, u => $"not replicated: {reply.Detail ?? ReasonOf(reply, u.Name) ?? "try again"}"),
                _ => await AskOutcome(grain, push, request),
            };
        }
        catch (Exception error)
        {
            // A timeout, a lost activation, an ambiguous write: it may be decided all the same.
            log.OutcomeMissing(error, push.Repository, push.Transaction);
            return await AskOutcome(grain, push, request);
        }
    }

    private async Task<PushReport> AskOutcome(IRepositoryGrain grain, PushTarget push, PushRequest request)
    {
        using var limit = new CancellationTokenSource(options.OutcomeLimit, clock);
        // Which refs of several were taken, a transaction's outcome doesn't say.
        var whole = request.Capabilities.Atomic || request.Updates.Length == 1;
        while (!limit.IsCancellationRequested)
        {
            try
            {
                var view = await grain.GetTransaction(push.Transaction, limit.Token);
                if (view.Outcome is TransactionOutcome.Committed && whole) return Report(request, _ => null);
                if (view.Outcome is TransactionOutcome.Committed) break;
                if (view.Outcome is TransactionOutcome.Aborted)
                    return Report(request, _ => "not replicated; try again");
            }
            catch (Exception error) when (!limit.IsCancellationRequested)
            {
                log.OutcomeMissing(error, push.Repository, push.Transaction);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            await Task.Delay(OutcomePause, clock, CancellationToken.None);
        }
        log.OutcomeUnknown(push.Repository, push.Transaction);
        return Report(request, _ => $"outcome unknown, ask for transaction {push.Transaction}");
    }

    private async Task<PushReport> Refuse(
        PushRequest request, string reason, PipeReader pack, Func<Task> packRead, CancellationToken client,
        string? unpack = null)
    {
        // A client that is answered in the middle of its pack sees a broken connection, not the answer.
        await Drain(pack, client);
        await packRead();
        return Report(request, _ => reason) with { Unpack = unpack };
    }

    private async Task Drain(PipeReader pack, CancellationToken client)
    {
        for (long total = 0; ; )
        {
            using var idle = new CancellationTokenSource(options.ClientIdleLimit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(client, idle.Token);
            ReadResult read;
            try
            {
                read = await pack.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!client.IsCancellationRequested)
            {
                throw GitProtocolException.TooSlow(options.ClientIdleLimit);
            }
            total += read.Buffer.Length;
            pack.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
            if (total > options.PackBytesMax)
                throw GitProtocolException.TooLarge($"a pack may have {options.PackBytesMax} bytes");
        }
    }

    private async Task GiveUp(IRepositoryGrain grain, PushTarget push)
    {
        try
        {
            await grain.GiveUp(push.Transaction, CancellationToken.None);
        }
        catch (Exception error)
        {
            // It forgets by itself; the push has failed either way, with its own reason.
            log.NotGivenUp(error, push.Repository, push.Transaction);
        }
    }

    private static PushRequest Without(PushRequest request, ImmutableArray<RefResult> rejections)
    {
        if (rejections.IsEmpty) return request;
        var names = rejections.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        return request with
        {
            Updates = [.. request.Updates.Where(u => !names.Contains(u.Name))],
            Rejections = [.. request.Rejections, .. rejections],
        };
    }

    private static PushReport Report(PushRequest request, Func<RefUpdate, string?> reasonOf) =>
        new(null, [.. request.Updates.Select(u => new RefResult(u.Name, reasonOf(u))), .. request.Rejections]);

    // A ref that the answer doesn't name was not decided; silence is no success.
    private static string? Committed(PushReply reply, string name) =>
        reply.Results.FirstOrDefault(r => r.Name == name) is { } result ? result.Reason : "not part of the decision";

    private static string? ReasonOf(PushReply reply, string name) =>
        reply.Results.FirstOrDefault(r => r.Name == name)?.Reason;

    private static string? Explain(Availability availability) => availability switch
    {
        Availability.Available => null,
        Availability.NotFound => "the repository does not exist",
        Availability.TooFewReplicas => "too few up-to-date replicas; try again",
        Availability.DataLoss => "no up-to-date replica is there; an operator is needed",
        Availability.RegistryRegressed => "the database went back; an operator is needed",
        _ => "the repository can't be written now",
    };
}
