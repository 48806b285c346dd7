[assembly: AssemblyFixture(typeof(Aedile.Tests.Support.PrivatePostgres))]

namespace Aedile.Tests.Support;

/// <summary>
/// One real PostgreSQL for all tests of a run that ask for it. The first that asks pays for its start, about a second;
/// it ends with the run, also with a killed one.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly PostgresProcess _process = new();
    private readonly Lazy<Task> _started;

    /// <summary>Starts nothing yet.</summary>
    public PrivatePostgres() => _started = new Lazy<Task>(_process.Start);

    /// <summary>Makes an empty database; returns how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        await _started.Value;
        return await _process.NewDatabase();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
