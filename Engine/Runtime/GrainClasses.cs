using System.Collections.Immutable;
using System.Reflection;
using Aedile.Engine.Activations;
using Aedile.Engine.Filters;
using Aedile.Engine.Storage;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace Aedile.Engine.Runtime;

/// <summary>Turns grain classes into what a silo needs to host them.</summary>
internal sealed class GrainClasses(
    TimeProvider clock, GrainCollectionOptions collection, StateFactory states,
    ImmutableArray<IIncomingGrainCallFilter> filters)
{
    public GrainClass Describe(Type type)
    {
        var limit = IdleLimit(type);
        return new GrainClass(type, GrainManifest.TypeNameOf(type), new GrainActivator(type, states.For))
        {
            Filters = IncomingFilters.Of(filters, type),
            IsReentrant = type.IsDefined(typeof(ReentrantAttribute)),
            IdleLimit = limit == Timeout.InfiniteTimeSpan || limit == TimeSpan.MaxValue
                ? long.MaxValue
                : (long)(limit.TotalSeconds * clock.TimestampFrequency),
        };
    }

    private TimeSpan IdleLimit(Type type)
    {
        if (collection.ClassSpecificCollectionAge.TryGetValue(type.FullName!, out var configured)) return configured;
        if (type.IsDefined(typeof(KeepAliveAttribute))) return Timeout.InfiniteTimeSpan;
        return type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit ?? collection.CollectionAge;
    }
}
