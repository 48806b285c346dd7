using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>What every implementation of the fleet's tables passes, each test in an empty database.</summary>
public abstract class FleetTableSuite : IAsyncLifetime
{
    private protected ManualTime Time { get; } = new();

    private protected FleetTables Tables { get; private set; } = null!;

    private protected abstract Task<FleetTables> Open();

    public async ValueTask InitializeAsync() => Tables = await Open();

    public ValueTask DisposeAsync()
    {
        Tables.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
