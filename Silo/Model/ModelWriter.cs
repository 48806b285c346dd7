using Aedile.Grains.Interfaces.Model;

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
            var reply = await TrySend(command, cancellation);
            mayBeWritten |= reply.Outcome is WriteOutcome.InDoubt;
            if (reply.Outcome is not (WriteOutcome.NotNow or WriteOutcome.InDoubt)) return reply;
            if (clock.GetElapsedTime(began) + Pause > Limit)
                return WriteReply.Later(mayBeWritten ? WriteOutcome.InDoubt : WriteOutcome.NotNow);
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private async Task<WriteReply> TrySend(WriteCommand command, CancellationToken cancellation)
    {
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
}
