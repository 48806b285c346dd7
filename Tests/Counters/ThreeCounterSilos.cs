using Aedile.Tests.Support;

namespace Aedile.Tests.Counters;

/// <summary>Fixture: three counter silos with a network between them that loses what it is told to.</summary>
public sealed class ThreeCounterSilos(PrivatePostgres postgres) : IAsyncLifetime
{
    private CounterFleet? _fleet;

    internal SiloNetwork Network { get; } = new();

    internal CounterFleet Fleet => _fleet!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        _fleet = await CounterFleet.Start(await postgres.NewDatabase(), silos: 3, Network.Join);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null) await _fleet.DisposeAsync();
        await Network.DisposeAsync();
    }
}
