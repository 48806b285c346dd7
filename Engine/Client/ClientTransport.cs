using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Client;

/// <summary>The transport of a client: calls leave over a gateway, which knows where the grains live.</summary>
internal sealed class ClientTransport(
    GatewayLinks gateways, WorkRunner runner, TimeProvider clock, FrameKind kind, ILogger log) : ITransport
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a call that was not sent waits for a gateway.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly OneWayGate _oneWays = new();

    public void Send(Call call)
    {
        if (gateways.For(call.Target) is not { } link || !link.TrySend(call, kind))
            runner.Run(new Wait(this, call, null));
    }

    /// <summary>Sends a call that surely did not run once more.</summary>
    public void Retry(Call call, string reason) => runner.Run(new Wait(this, call, reason));

    private async Task SendLater(Call call, string? reason)
    {
        if (!call.IsOneWay) await Go(call, reason);
        else if (_oneWays.TryEnter())
        {
            await Go(call, reason);
            _oneWays.Leave();
        }
        else Fail(call, $"{call} was not sent: too many one-way calls wait for a gateway already.");
    }

    private async Task Go(Call call, string? reason)
    {
        var began = clock.GetTimestamp();
        call.IsRouted = true;
        while (!call.IsAbandoned)
        {
            if (reason is null && gateways.For(call.Target) is { } link && call.TryLeave(link, kind)) return;
            if (clock.GetElapsedTime(began) > Patience)
            {
                Fail(call, $"{call} was not sent: no gateway can be reached. {reason ?? gateways.LastFailure}");
                return;
            }

            call.Status = reason ?? $"no gateway can be reached: {gateways.LastFailure}";
            reason = null;
            var changed = gateways.WhenChanged(gateways.Open);
            await Task.WhenAny(changed, Task.Delay(Pause, clock));
        }
    }

    private void Fail(Call call, string reason)
    {
        if (call.IsOneWay) log.OneWayCallDropped(call.ToString(), reason);
        call.Fail(new SiloUnavailableException(reason));
    }

    private sealed class Wait(ClientTransport transport, Call call, string? reason) : IThreadPoolWorkItem
    {
        public void Execute() => _ = transport.SendLater(call, reason);
    }
}
