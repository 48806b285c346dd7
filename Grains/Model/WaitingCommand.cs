using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>A command whose sender waits.</summary>
internal sealed class WaitingCommand(WriteCommand command)
{
    private readonly TaskCompletionSource<WriteReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteCommand Command => command;

    public Task<WriteReply> Reply => _reply.Task;

    /// <summary>Its sender waits no longer; what becomes of it, nobody hears.</summary>
    public void GiveUp(CancellationToken cancellation) => _reply.TrySetCanceled(cancellation);

    /// <summary>Answers, unless it was answered before.</summary>
    public void Answer(WriteReply reply) => _reply.TrySetResult(reply);
}
