using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Ends a call of this process with the answer that another one sent.</summary>
internal static class CallAnswers
{
    public static void Give(ILinkOwner owner, Call call, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        var reader = owner.Wire.Read(frame);
        try
        {
            switch (header.Status)
            {
                case AnswerStatus.Done: call.SucceedWith(reader); break;
                case AnswerStatus.Failed: call.Fail(owner.Wire.ReadError(reader)); break;
                case AnswerStatus.Cancelled: call.Cancel(CancellationToken.None); break;
                case AnswerStatus.NotHere: owner.Retry(call, reader.Text()); break;
                case AnswerStatus.Lost: call.Fail(new SiloUnavailableException(reader.Text())); break;
                case AnswerStatus.Gone: call.Fail(new ClientNotAvailableException(reader.Text())); break;
                case AnswerStatus.Refused:
                    call.Fail(new OrleansMessageRejectionException($"{call} was refused: {reader.Text()}"));
                    break;
                default: throw new WireException($"{header.Status} is no status of an answer.");
            }
        }
        catch (Exception error) when (
            error is WireException or OverflowException or FormatException or ArgumentException)
        {
            call.Fail(new OrleansException($"{call} has run, but its answer can't be read: {error.Message}", error));
        }
    }
}
