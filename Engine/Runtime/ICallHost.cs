using Aedile.Engine.Filters;
using Aedile.Engine.Invocation;
using Aedile.Engine.Observers;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>A process that makes calls: a silo, or a client of one.</summary>
internal interface ICallHost
{
    IServiceProvider Services { get; }

    ProxyCompiler Proxies { get; }

    Deadlines Deadlines { get; }

    CallSender Sender { get; }

    /// <summary>Where calls by the contracts of observers leave.</summary>
    CallSender ObserverSender { get; }

    /// <summary>The objects of this process that others may call.</summary>
    ObserverRegistry Observers { get; }

    GrainFactory GrainFactory { get; }

    ILogger Log { get; }

    /// <summary>The application's types that cross the wire by a converter.</summary>
    IReadOnlySet<Type> ConvertedTypes { get; }

    IGrainTypes Types { get; }

    /// <summary>What runs around the calls that are made here; null: nothing.</summary>
    OutgoingFilters? OutgoingFilters { get; }

    /// <summary>Numbers of the fleet.</summary>
    IManagementGrain Management { get; }

    /// <summary>Returns an id that no other process of the fleet makes; the same in every run of one seed.</summary>
    Guid NewId();

    /// <summary>How long a call waits whose method doesn't say.</summary>
    TimeSpan ResponseTimeout { get; }
}
