using Orleans;

namespace Aedile.Engine.Filters;

/// <summary>A delegate as an incoming filter.</summary>
internal sealed class IncomingFilterOfDelegate(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => filter(context);
}

/// <summary>A delegate as an outgoing filter.</summary>
internal sealed class OutgoingFilterOfDelegate(OutgoingGrainCallFilterDelegate filter) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => filter(context);
}
