using System.Collections.Concurrent;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Asks coordinators where to read, and goes on with their last word while they can't answer.</summary>
internal sealed class ReadRoutes(
    IGrainFactory grains, IOptions<ReadOptions> options, TimeProvider clock, ILogger<ReadRoutes> log)
{
    private readonly ConcurrentDictionary<RepositoryId, RouteReply> _last = new();

    /// <summary>The route, and whether it is an old one. Cost: one call in this process.</summary>
    /// <exception cref="TimeoutException">The coordinator can't answer and never did.</exception>
    public async ValueTask<(RouteReply Route, bool IsStale)> Get(RepositoryId id, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Value.RouteLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var route = await grains.GetGrain<IRepositoryGrain>(id.Value).Route(either.Token);
            if (route.Availability is Availability.NotFound) _last.TryRemove(id, out _);
            else if (!_last.TryGetValue(id, out var last) || last != route) _last[id] = route;
            return (route, false);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // The database is away, or the grain is between two activations.
            log.RouteIsStale(error, id);
            return _last.TryGetValue(id, out var last)
                ? (last, true)
                : throw new TimeoutException($"The coordinator of {id} does not answer.", error);
        }
    }
}
