using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>
/// The transport of a silo that joins others: until it knows its address, and after its end, there is nowhere to send.
/// </summary>
internal sealed class LateTransport : ITransport
{
    private volatile ITransport _transport = new Nowhere("has not started");

    /// <summary>Sends through <paramref name="transport"/> from now on.</summary>
    public void Use(ITransport transport) => _transport = transport;

    /// <summary>Sends nothing from now on.</summary>
    public void End() => _transport = new Nowhere("has ended");

    public void Send(Call call) => _transport.Send(call);

    private sealed class Nowhere(string why) : ITransport
    {
        public void Send(Call call) => call.Fail(new SiloUnavailableException(
            $"{call} was refused: the silo {why}. The grain did not see the call."));
    }
}
