using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;

namespace Aedile.Engine.Filters;

/// <summary>Registers filters with a silo or a client; they run in the order of their registration.</summary>
internal static class FilterServices
{
    /// <summary>Adds the filters that make spans. Idempotent.</summary>
    public static void AddSpans(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(CallSpans))) return;
        services.TryAddSingleton(DistributedContextPropagator.Current);
        services.AddSingleton<CallSpans>();
        services.AddSingleton<IOutgoingGrainCallFilter, OutgoingSpanFilter>();
        services.AddSingleton<IIncomingGrainCallFilter, IncomingSpanFilter>();
    }

    public static void AddIncoming(IServiceCollection services, IIncomingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        services.AddSingleton(filter);
    }

    public static void AddIncoming(IServiceCollection services, IncomingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        services.AddSingleton<IIncomingGrainCallFilter>(new IncomingFilterOfDelegate(filter));
    }

    public static void AddOutgoing(IServiceCollection services, IOutgoingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        services.AddSingleton(filter);
    }

    public static void AddOutgoing(IServiceCollection services, OutgoingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        services.AddSingleton<IOutgoingGrainCallFilter>(new OutgoingFilterOfDelegate(filter));
    }
}
