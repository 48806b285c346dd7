using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Where a call came from that was made in another process, and where its answer goes.</summary>
internal sealed class CallOrigin(PeerLink link, CallWire wire, FrameHeader request, IReadOnlyList<GrainId> callers)
{
    /// <summary>The grains that wait for the call, the nearest first, as far as the sender knew.</summary>
    public IReadOnlyList<GrainId> Callers => callers;

    public FrameHeader Request => request;

    public PeerLink Link => link;

    public void Answer<T>(BoundMethod method, T result)
    {
        if (!link.TakeServed(request.Number)) return;
        var writer = wire.Begin();
        try
        {
            method.Wire!.WriteResult(writer, result);
            link.SendAnswer(writer, request.Number, AnswerStatus.Done);
        }
        catch (Exception error) when (error is WireException or InvalidOperationException)
        {
            wire.Return(writer);
            SendError(new OrleansException($"The result of {method.Definition.Name} can't be sent: {error.Message}"));
            return;
        }

        wire.Return(writer);
    }

    public void Fail(Exception error)
    {
        if (link.TakeServed(request.Number)) SendError(error);
    }

    /// <summary>Says that the grain did not see the call and isn't here: the sender may try elsewhere.</summary>
    public void NotHere(string reason)
    {
        if (link.TakeServed(request.Number)) link.SendAnswer(request.Number, AnswerStatus.NotHere, reason);
    }

    public void Cancelled()
    {
        if (link.TakeServed(request.Number)) link.SendAnswer(request.Number, AnswerStatus.Cancelled, "");
    }

    /// <summary>Tells the caller what the call waits for.</summary>
    public void Report(string status) => link.SendStatus(request.Number, status);

    private void SendError(Exception error)
    {
        var writer = wire.Begin();
        try
        {
            wire.WriteError(writer, error);
            link.SendAnswer(writer, request.Number, AnswerStatus.Failed);
        }
        catch (WireException tooLarge)
        {
            link.SendAnswer(request.Number, AnswerStatus.Refused, $"The error can't be sent: {tooLarge.Message}");
        }
        finally
        {
            wire.Return(writer);
        }
    }
}
