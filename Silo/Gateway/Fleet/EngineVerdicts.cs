using System.Collections.Immutable;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// The engine's membership declares a silo dead sooner than its beats are missed. A silo that it doesn't know is not
/// declared anything: its beats decide.
/// </summary>
internal sealed class EngineVerdicts(ISiloStatusOracle oracle, IHostApplicationLifetime lifetime) : IDeclaredDead
{
    private static readonly ImmutableHashSet<Guid> None = [];

    /// <inheritdoc/>
    public string OwnAddress =>
        lifetime.ApplicationStarted.IsCancellationRequested ? oracle.SiloAddress.ToParsableString() : "";

    /// <inheritdoc/>
    public IReadOnlySet<Guid> Among(ImmutableArray<SiloRow> silos)
    {
        var dead = oracle.GetApproximateSiloStatuses().Where(s => s.Value is SiloStatus.Dead)
            .Select(s => s.Key.ToParsableString()).ToHashSet(StringComparer.Ordinal);
        return dead.Count == 0 ? None : silos.Where(s => dead.Contains(s.Engine)).Select(s => s.Run).ToHashSet();
    }
}
