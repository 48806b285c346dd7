using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>A call of this process that could not leave at once.</summary>
internal sealed class ObserverCall : IRoutable
{
    private readonly Call _call;
    private readonly ILogger _log;

    public ObserverCall(Call call, ILogger log)
    {
        (_call, _log) = (call, log);
        call.IsRouted = true;
    }

    public GrainId Target => _call.Target;

    public long View => 0;

    public bool IsOneWay => _call.IsOneWay;

    // An observer's process is reached by its own links or not at all.
    public bool MayDetour => false;

    public bool IsAbandoned => _call.IsAbandoned;

    public void DeliverHere() => throw new NotSupportedException("Objects of this process are called directly.");

    public bool TrySend(PeerLink link) => _call.TryLeave(link, FrameKind.Notice);

    public void Waits(string reason) => _call.Status = reason;

    public void TurnAway(SiloUnavailableException reason)
    {
        if (_call.Method.Definition.IsOneWay)
            _log.NoticeDropped(_call.Method.Definition.Name, _call.Target, reason.Message);
        _call.Fail(new ClientNotAvailableException(reason.Message, reason.InnerException));
    }
}
