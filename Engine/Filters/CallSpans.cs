using System.Diagnostics;
using Orleans;
using Orleans.Diagnostics;
using Orleans.Runtime;

namespace Aedile.Engine.Filters;

/// <summary>
/// Makes a span of each call at both ends, named and tagged as the official engine does, and carries the trace from one
/// to the other in the request context. Nobody who listens: nothing is made.
/// </summary>
internal sealed class CallSpans(DistributedContextPropagator propagator) : IDisposable
{
    private readonly ActivitySource _application = new(ActivitySources.ApplicationGrainActivitySourceName);
    private readonly ActivitySource _runtime = new(ActivitySources.RuntimeActivitySourceName);

    /// <summary>Starts the span of a call that leaves. From then on it is the current activity of this flow.</summary>
    public Activity? Leave(IOutgoingGrainCallContext call)
    {
        var span = SourceOf(call).StartActivity(NameOf(call), ActivityKind.Client);
        if (span is null) return null;
        Describe(span, call);
        propagator.Inject(span, null, static (_, name, value) => RequestContext.Set(name, value));
        return span;
    }

    /// <summary>Starts the span of a call that has arrived, as a child of the one that has left.</summary>
    public Activity? Arrive(IIncomingGrainCallContext call)
    {
        propagator.ExtractTraceIdAndState(null, Read, out var parent, out var state);
        var span = ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? SourceOf(call).StartActivity(NameOf(call), ActivityKind.Server, context)
            : SourceOf(call).StartActivity(NameOf(call), ActivityKind.Server, parent);
        if (span is null) return null;
        Describe(span, call);
        foreach (var (name, value) in propagator.ExtractBaggage(null, Read) ?? []) span.AddBaggage(name, value);
        return span;
    }

    /// <summary>Goes on with a call inside of its span.</summary>
    public static async Task Follow(Activity span, IGrainCallContext call)
    {
        try
        {
            await call.Invoke();
        }
        catch (Exception error)
        {
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("exception.type", error.GetType().FullName);
            span.SetTag("exception.message", error.Message);
            span.SetTag("exception.stacktrace", error.ToString());
            throw;
        }
        finally
        {
            span.Stop();
        }
    }

    public void Dispose()
    {
        _application.Dispose();
        _runtime.Dispose();
    }

    private static void Read(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        values = null;
        value = RequestContext.Get(name) as string;
    }

    private static string NameOf(IGrainCallContext call) => $"{call.InterfaceName}/{call.MethodName}";

    private static void Describe(Activity span, IGrainCallContext call)
    {
        span.SetTag("rpc.system.name", "orleans");
        span.SetTag("orleans.rpc.service", call.InterfaceName);
        span.SetTag("rpc.method", NameOf(call));
        if (!span.IsAllDataRequested) return;
        span.SetTag("orleans.rpc.target_id", call.TargetId.ToString());
        if (call.SourceId is { } source) span.SetTag("orleans.rpc.source_id", source.ToString());
    }

    private ActivitySource SourceOf(IGrainCallContext call)
    {
        var space = call.InterfaceMethod.DeclaringType!.Namespace;
        return space?.StartsWith("Orleans", StringComparison.Ordinal) == true ? _runtime : _application;
    }
}
