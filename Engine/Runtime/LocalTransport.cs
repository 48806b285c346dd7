using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;

namespace Aedile.Engine.Runtime;

/// <summary>The transport of a silo that is alone: every grain lives here, arguments pass by reference.</summary>
internal sealed class LocalTransport(Catalog catalog) : ITransport
{
    public void Send(Call call) => catalog.Deliver(call);
}
