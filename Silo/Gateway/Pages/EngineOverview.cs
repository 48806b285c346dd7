using System.Collections.Immutable;
using Aedile.Dashboard.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Microsoft.Extensions.Logging;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// What the engine says of the fleet, through the part of its API that both engines have: changes of the membership
/// since this silo started, and activations by kind.
/// </summary>
internal sealed class EngineOverview : ISiloStatusListener
{
    private const int ChangesMax = 20;
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly IGrainFactory _grains;
    private readonly FleetNodes _nodes;
    private readonly TimeProvider _clock;
    private readonly ILogger<EngineOverview> _log;
    private readonly SemaphoreSlim _counting = new(1);
    private ImmutableArray<(DateTimeOffset At, SiloAddress Silo, SiloStatus Status)> _changes = [];
    private ImmutableArray<ActivationCount>? _counts;
    private long? _countedAt;

    /// <param name="grains">For questions to the engine.</param>
    /// <param name="oracle">Tells of changes from now on.</param>
    /// <param name="nodes">Knows the silos' names.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where failures go.</param>
    public EngineOverview(
        IGrainFactory grains, ISiloStatusOracle oracle, FleetNodes nodes, TimeProvider clock,
        ILogger<EngineOverview> log)
    {
        (_grains, _nodes, _clock, _log) = (grains, nodes, clock, log);
        oracle.SubscribeToSiloStatusEvents(this);
    }

    /// <summary>The last changes, newest first.</summary>
    public ImmutableArray<FleetChange> Changes
    {
        get
        {
            lock (_gate) return [.. _changes.Select(c => new FleetChange(c.At, Name(c.Silo), $"{c.Status}"))];
        }
    }

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        var change = (_clock.GetUtcNow(), updatedSilo, status);
        lock (_gate) _changes = [change, .. _changes.Take(ChangesMax - 1)];
    }

    /// <summary>
    /// Activations of all silos by kind, the most first; null when the silos can't be asked. The engine is asked every
    /// two seconds at most, however many pages are open.
    /// </summary>
    public async Task<ImmutableArray<ActivationCount>?> CountActivations(CancellationToken cancellation)
    {
        if (!await _counting.WaitAsync(TimeSpan.Zero, cancellation)) return _counts;
        try
        {
            if (_countedAt is { } at && _clock.GetElapsedTime(at) < CountInterval) return _counts;
            _countedAt = _clock.GetTimestamp();
            var rows = await _grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics()
                .WaitAsync(CountLimit, _clock, cancellation);
            return _counts = Count(rows);
        }
        catch (Exception error) when (error is OrleansException or TimeoutException)
        {
            // A silo that just died makes the question fail; the next one is in two seconds.
            _log.ActivationsNotCounted(error);
            return _counts = null;
        }
        finally
        {
            _counting.Release();
        }
    }

    private static ImmutableArray<ActivationCount> Count(IEnumerable<SimpleGrainStatistic> rows) =>
    [
        .. rows.Where(r => r.ActivationCount > 0).GroupBy(r => Kind(r.GrainType))
            .Select(g => new ActivationCount(
                g.Key, g.Select(r => r.SiloAddress).Distinct().Count(), g.Sum(r => r.ActivationCount)))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Kind, StringComparer.Ordinal),
    ];

    // Some engines give the full name of the class, some with its assembly.
    private static string Kind(string type) => type.Split(',')[0].Split('.')[^1];

    private string Name(SiloAddress silo) => _nodes.NameOf(silo.ToParsableString()) ?? silo.ToString();
}
