using Aedile.Engine.Invocation;
using Aedile.Engine.Runtime;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>
/// The transport of calls by observers' contracts: to an object of this process, to one elsewhere, or to a grain that
/// observes. Calls by other contracts know nothing of it.
/// </summary>
internal sealed class ObserverTransport(ObserverRegistry own) : ITransport
{
    private volatile ITransport? _elsewhere;

    /// <summary>Brings calls to grains.</summary>
    public ITransport Grains { private get; set; } = null!;

    /// <summary>Brings calls to objects of other processes from now on.</summary>
    public void Use(ITransport elsewhere) => _elsewhere = elsewhere;

    public void Send(Call call)
    {
        if (!ObserverId.IsOne(call.Target)) Grains.Send(call);
        else if (own.IsOwn(call.Target)) own.Deliver(call);
        else if (_elsewhere is { } elsewhere) elsewhere.Send(call);
        else call.Fail(new ClientNotAvailableException($"{call} was not sent: this silo is alone."));
    }
}
