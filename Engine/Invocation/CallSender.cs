using Aedile.Engine.Activations;
using Aedile.Engine.Runtime;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>Where the calls of a silo's grains and hosts leave.</summary>
internal sealed class CallSender(TimeProvider clock, Deadlines deadlines, ITransport transport)
{
    public void Send(Call call, GrainId target, BoundMethod method)
    {
        call.Address(target, method, ActivationScope.Running, RequestContext.Current);
        if (call.Token.CanBeCanceled)
        {
            if (call.Token.IsCancellationRequested)
            {
                call.Cancel(call.Token);
                return;
            }

            CallCancellation.Attach(call);
        }

        call.SentAt = clock.GetTimestamp();
        deadlines.Add(call, method.Limit);
        transport.Send(call);
    }
}
