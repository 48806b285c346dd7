using System.Collections.Immutable;
using Aedile.Engine.Invocation;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Filters;

/// <summary>What runs around the calls that leave a silo's grains and hosts, or a client.</summary>
internal sealed class OutgoingFilters(ImmutableArray<IOutgoingGrainCallFilter> filters, ILogger log)
{
    public int Count => filters.Length;

    /// <returns>Null when nothing filters: then a call costs nothing more.</returns>
    public static OutgoingFilters? Of(IServiceProvider services, ILogger log)
    {
        ImmutableArray<IOutgoingGrainCallFilter> filters = [.. services.GetServices<IOutgoingGrainCallFilter>()];
        return filters.IsEmpty ? null : new OutgoingFilters(filters, log);
    }

    public IOutgoingGrainCallFilter At(int number) => filters[number];

    public Task<TResult> Send<TResult>(Call<TResult> call, GrainReference target, BoundMethod method) =>
        new OutgoingCall<TResult>(call, target, method, this).Run();

    /// <summary>
    /// Its caller waits for the filters, not for the grain; what they throw can only be logged if the method returns
    /// nothing.
    /// </summary>
    public async Task SendOneWay(Call<Nothing> call, GrainReference target, BoundMethod method)
    {
        try
        {
            await Send(call, target, method);
        }
        catch (Exception error) when (method.Definition.Definition.ReturnType == typeof(void))
        {
            log.OneWayCallFailed(error, method.Definition.Name, target.GrainId);
        }
    }
}
