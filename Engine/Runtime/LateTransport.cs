using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>
/// The transport of a silo that is to join others: until it knows its address there is nowhere to send to.
/// </summary>
internal sealed class LateTransport : ITransport
{
    private volatile ITransport? _transport;

    /// <summary>Sends through <paramref name="transport"/> from now on.</summary>
    public void Use(ITransport transport) => _transport = transport;

    public void Send(Call call)
    {
        if (_transport is { } transport) transport.Send(call);
        else
        {
            call.Fail(new SiloUnavailableException(
                $"{call} was refused: the silo has not started. The grain did not see the call."));
        }
    }
}
