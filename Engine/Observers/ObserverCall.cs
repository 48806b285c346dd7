using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>A call of this process that could not leave at once.</summary>
internal sealed class ObserverCall(Call call, ILogger log) : IRoutable
{
    public GrainId Target => call.Target;

    public long View => 0;

    public bool IsAbandoned => call.IsAbandoned;

    public void DeliverHere() => throw new NotSupportedException("Objects of this process are called directly.");

    public bool TrySend(PeerLink link) => link.TrySend(call, FrameKind.Notice);

    public void TurnAway(SiloUnavailableException reason)
    {
        if (call.Method.Definition.IsOneWay)
            log.NoticeDropped(call.Method.Definition.Name, call.Target, reason.Message);
        call.Fail(new ClientNotAvailableException(reason.Message, reason.InnerException));
    }
}
