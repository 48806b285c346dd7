using System.Diagnostics;
using System.Globalization;
using Aedile.Silo.Embedded;
using Aedile.Silo.Embedded.Postgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aedile.Tests.Support.PrivatePostgres))]

namespace Aedile.Tests.Support;

/// <summary>
/// A real PostgreSQL for all tests of a run that ask for one, with the disk settings of production. The first that asks
/// pays for its start, about a second; it ends with the run, also with a killed one.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Password = "no-secret-0123456789";

    private readonly SpawnThread _spawn = new();
    private readonly TestFolder _folder = new("postgres");
    private readonly int _port = PortRange.Take(1);
    private readonly Lazy<Task> _started;
    private Process? _process;
    private int _databases;

    /// <summary>Starts nothing yet.</summary>
    public PrivatePostgres() => _started = new Lazy<Task>(Start);

    private PostgresCluster Cluster => new(_folder["db"], Password, _port, _spawn);

    /// <summary>Makes an empty database; returns how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        await _started.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(Cluster.ConnectionString + ";Pooling=false");
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Cluster.ConnectionString) { Database = name }.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            NpgsqlConnection.ClearAllPools();
            await Signals.Send("INT", process.Id);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _spawn.Dispose();
        _folder.Dispose();
    }

    private async Task Start()
    {
        await Cluster.Prepare(CancellationToken.None);
        var spec = Cluster.Spec();
        _process = await _spawn.Start(new ProcessStartInfo("sh",
            ["-c", "exec \"$@\" >\"$0\" 2>&1", _folder["log"], spec.Program, .. spec.Arguments]));
        await Cluster.WhenReady(TimeProvider.System, CancellationToken.None);
    }
}
