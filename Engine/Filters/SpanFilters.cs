using Orleans;

namespace Aedile.Engine.Filters;

/// <summary>Puts a span around each call where it is made.</summary>
internal sealed class OutgoingSpanFilter(CallSpans spans) : IOutgoingGrainCallFilter
{
    // Async, so that neither the span nor what it puts into the request context stays with the caller.
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (spans.Leave(context) is { } span) await CallSpans.Follow(span, context);
        else await context.Invoke();
    }
}

/// <summary>Puts a span around each call where it is served.</summary>
internal sealed class IncomingSpanFilter(CallSpans spans) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (spans.Arrive(context) is { } span) await CallSpans.Follow(span, context);
        else await context.Invoke();
    }
}
