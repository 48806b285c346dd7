using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model;

/// <summary>How a write ended, and whether this silo's replica shows it.</summary>
internal sealed record WriteReceipt(WriteReply Reply, bool IsApplied);

/// <summary>
/// Sends commands to the sequencer, wherever it is. A command that may be written is sent again as it is: the sequencer
/// knows it by its id.
/// </summary>
internal sealed class ModelWriter(IGrainFactory grains, ModelReplica replica, TimeProvider clock)
{
    /// <summary>How long a write may take before its outcome is unknown.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ApplyLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Func<Sequencer>? _makeSequencer;
    private Sequencer? _own;

    /// <summary>
    /// Writes with a sequencer of this silo's own until disposed: for what must be in the model before the engine can
    /// be started. Another silo's sequencer loses its next write by it, as to any newer one, and begins anew. One
    /// caller at a time.
    /// </summary>
    public IDisposable WriteAlone(Func<Sequencer> make)
    {
        _makeSequencer = make;
        return new Alone(this);
    }

    /// <summary>Writes a command, and waits until this silo shows it.</summary>
    public async Task<WriteReceipt> Write(WriteCommand command, CancellationToken cancellation)
    {
        var reply = await Send(command, cancellation);
        var isApplied = reply.Outcome is WriteOutcome.Written
            && await replica.WaitFor(reply.Index, ApplyLimit, cancellation);
        return new WriteReceipt(reply, isApplied);
    }

    private async Task<WriteReply> Send(WriteCommand command, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var mayBeWritten = false;
        while (true)
        {
            // A call would wait for the same database, and could not say whether the command was written.
            if (!replica.IsJournalThere) return Later(mayBeWritten);
            var reply = await TrySend(command, cancellation);
            mayBeWritten |= reply.Outcome is WriteOutcome.InDoubt;
            if (reply.Outcome is not (WriteOutcome.NotNow or WriteOutcome.InDoubt)) return reply;
            if (clock.GetElapsedTime(began) + Pause > Limit) return Later(mayBeWritten);
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private static WriteReply Later(bool mayBeWritten) =>
        WriteReply.Later(mayBeWritten ? WriteOutcome.InDoubt : WriteOutcome.NotNow);

    private async Task<WriteReply> TrySend(WriteCommand command, CancellationToken cancellation)
    {
        if (_makeSequencer is { } make)
        {
            if (_own is null or { HasEnded: true }) _own = make();
            return await _own.Write(command, cancellation);
        }
        try
        {
            return await grains.GetGrain<IModelGrain>(0).Write(command, cancellation);
        }
        catch (Exception error) when (error is TimeoutException or OrleansException)
        {
            // Its silo went away, or could not be reached: the call may have run.
            return WriteReply.Later(WriteOutcome.InDoubt);
        }
    }

    private sealed class Alone(ModelWriter writer) : IDisposable
    {
        public void Dispose() => (writer._makeSequencer, writer._own) = (null, null);
    }
}
