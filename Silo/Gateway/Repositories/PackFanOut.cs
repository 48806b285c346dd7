using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Reads one pack once and streams it to all participants. A dead or slow one is left out as long as a quorum remains;
/// without a quorum everything stops at once.
/// </summary>
internal sealed class PackFanOut(
    PushTarget push, IPackStaging staging, PushOptions options, TimeProvider clock, PipeScheduler scheduler,
    ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new(options.StageLimit, clock);
    private ImmutableArray<PackSink> _sinks = [];
    private int _quorum;

    /// <summary>The sinks still taking part.</summary>
    private IEnumerable<PackSink> Active => _sinks.Where(s => s.LeftOut is null);

    private int Counting => Active.Count(s => s.Participant.Counts);

    /// <summary>Streams the pack.</summary>
    /// <param name="begun">The participants and the quorum.</param>
    /// <param name="tips">The distinct new values of the push.</param>
    /// <param name="pack">The client's pack; read to its end unless the outcome is a failure.</param>
    /// <param name="packRead">Called when the last byte of the pack is there.</param>
    /// <param name="client">The client left: everything stops, and this throws.</param>
    public async Task<StagingOutcome> Run(
        BeginReply begun, IEnumerable<string> tips, PipeReader pack, Func<Task> packRead, CancellationToken client)
    {
        _quorum = begun.Quorum;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, client);
        _sinks = [.. begun.Participants.Select(p => PackSink.Open(push, p, staging, options, scheduler, _end.Token))];
        var header = Header(tips);
        foreach (var sink in _sinks) sink.Write(header);
        try
        {
            if (!await Pour(pack, either.Token)) return Fail();
            await packRead();
            foreach (var sink in Active.ToList()) await sink.Close();
            return await Collect(either.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested && !client.IsCancellationRequested)
        {
            return new StagingOutcome.Failed($"the pack was not staged within {options.StageLimit}", false);
        }
    }

    /// <summary>Renews the leases of what was staged, until cancelled. Never throws.</summary>
    public async Task RenewLeases(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(options.LeaseRenewal, clock);
            while (await timer.WaitForNextTickAsync(cancellation))
                await Task.WhenAll(
                    Active.Select(s => staging.Renew(s.Node, push.Repository, push.Transaction, cancellation)));
        }
        catch (OperationCanceledException)
        {
            // The push is over.
        }
    }

    /// <summary>Breaks off what is still under way; what was staged and not pushed ends with its lease.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks)
        {
            if (!sink.Reply.IsCompleted) await sink.Drop("the push ended");
        }
        _end.Cancel();
        await Task.WhenAll(_sinks.Select(s => s.Reply));
        foreach (var sink in _sinks) sink.Dispose();
        _end.Dispose();
    }

    private async Task<bool> Pour(PipeReader pack, CancellationToken cancellation)
    {
        using var idle = new CancellationTokenSource();
        await using var idleTimer = clock.CreateTimer(
            _ => idle.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, idle.Token);
        long total = 0;
        while (await FlushAll(cancellation))
        {
            idleTimer.Change(options.ClientIdleLimit, Timeout.InfiniteTimeSpan);
            var read = await ReadOrIdle(pack, idle, either.Token);
            idleTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            total += read.Buffer.Length;
            foreach (var sink in Active) sink.Write(read.Buffer);
            pack.AdvanceTo(read.Buffer.End);
            if (total > options.PackBytesMax)
                throw GitProtocolException.TooLarge($"a pack may have {options.PackBytesMax} bytes");
            if (read.IsCompleted) return await FlushAll(cancellation);
        }
        return false;
    }

    private async Task<ReadResult> ReadOrIdle(PipeReader pack, CancellationTokenSource idle, CancellationToken either)
    {
        try
        {
            return await pack.ReadAsync(either);
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            throw GitProtocolException.TooSlow(options.ClientIdleLimit);
        }
    }

    // False: too few are left.
    private async ValueTask<bool> FlushAll(CancellationToken cancellation)
    {
        List<(PackSink Sink, Task Flush)>? full = null;
        foreach (var sink in Active)
        {
            var flush = sink.Flush(cancellation);
            if (!flush.IsCompletedSuccessfully) (full ??= []).Add((sink, flush.AsTask()));
        }
        while (full is { Count: > 0 })
        {
            await WaitForRoom(full.Select(f => f.Flush), cancellation);
            full.RemoveAll(f => f.Flush.IsCompletedSuccessfully);
            // All are as slow as one another when nobody could be left out; then the client waits.
            foreach (var (sink, flush) in full.ToList())
            {
                if (!flush.IsCompleted && sink.Participant.Counts && Counting <= _quorum) continue;
                await LeaveOut(sink, $"it took nothing for {options.StallLimit}");
            }
            full.RemoveAll(f => f.Sink.LeftOut is not null);
            if (Counting < _quorum) return false;
        }
        return Counting >= _quorum;
    }

    private async Task WaitForRoom(IEnumerable<Task> flushes, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.WhenAll(flushes), Task.Delay(options.StallLimit, clock, enough.Token));
        cancellation.ThrowIfCancellationRequested();
        enough.Cancel();
    }

    private async Task<StagingOutcome> Collect(CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sent = clock.GetTimestamp();
        Task? grace = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var pending = Active.Where(s => !s.Reply.IsCompleted).ToList();
            var (agreed, checksum) = Agreement();
            if (agreed && pending.Count > 0 && grace is not { IsCompleted: true })
                grace ??= Task.Delay(Grace(clock.GetElapsedTime(sent)), clock, over.Token);
            else if (agreed || pending.Count == 0 || Counting < _quorum)
            {
                var reason = agreed ? "the others were done long before it" : "too few others are left";
                foreach (var sink in pending) await LeaveOut(sink, reason);
                over.Cancel();
                return agreed ? await Conclude(checksum!) : Fail();
            }
            var replies = pending.Select(s => (Task)s.Reply);
            // A node that never answers must not keep a push alive whose client has left.
            await Task.WhenAny(grace is null ? replies : replies.Append(grace)).WaitAsync(cancellation);
        }
    }

    // As long again as the quorum took: on a loaded machine, or with a large pack, the last is slow, not dead, and a
    // replica left out costs a repair.
    private TimeSpan Grace(TimeSpan quorumTook) =>
        quorumTook > options.StragglerLimit ? quorumTook : options.StragglerLimit;

    private (bool Agreed, StageReply? Checksum) Agreement()
    {
        var groups = Active.Where(s => s.Reply.IsCompletedSuccessfully && s.Participant.Counts)
            .GroupBy(s => s.Reply.Result);
        var largest = groups.Where(g => g.Key is not null).MaxBy(g => g.Count());
        return (largest?.Count() >= _quorum, largest?.Key);
    }

    private async Task<StagingOutcome> Conclude(StageReply checksum)
    {
        foreach (var sink in Active.Where(s => s.Reply.Result != checksum).ToList())
            await LeaveOut(sink,
                $"its pack has checksum {sink.Reply.Result?.PackChecksum}, not {checksum.PackChecksum}");
        return new StagingOutcome.Staged([.. Active.Select(s => s.Node)]);
    }

    private async Task LeaveOut(PackSink sink, string reason)
    {
        await sink.Drop(reason);
        log.NodeLeftOut(sink.Node, push.Repository, push.Transaction, reason);
    }

    private StagingOutcome.Failed Fail()
    {
        if (_sinks.FirstOrDefault(s => s.PackRefused) is { LeftOut: { } refusal })
            return new StagingOutcome.Failed(refusal, true);
        foreach (var sink in _sinks.Where(s => s.LeftOut is not null))
            log.NodeLeftOut(sink.Node, push.Repository, push.Transaction, sink.LeftOut!);
        return new StagingOutcome.Failed("too few replicas could take the pack; try again", false);
    }

    private static ReadOnlySequence<byte> Header(IEnumerable<string> tips)
    {
        var header = new ArrayBufferWriter<byte>();
        foreach (var tip in tips) PktLine.Write(header, Encoding.ASCII.GetBytes(tip));
        PktLine.WriteFlush(header);
        return new ReadOnlySequence<byte>(header.WrittenMemory);
    }
}
