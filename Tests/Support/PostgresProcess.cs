using System.Diagnostics;
using System.Globalization;
using Aedile.Silo.Embedded;
using Aedile.Silo.Embedded.Postgres;
using Npgsql;

namespace Aedile.Tests.Support;

/// <summary>A real PostgreSQL with the disk settings of production, which its test may kill and start again.</summary>
public sealed class PostgresProcess : IAsyncDisposable
{
    private const string Password = "no-secret-0123456789";

    private readonly SpawnThread _spawn = new();
    private readonly TestFolder _folder = new("postgres");
    private readonly int _port = PortRange.Take(1);
    private Process? _process;
    private int _databases;

    private PostgresCluster Cluster => new(_folder["db"], Password, _port, _spawn);

    /// <summary>Starts it, the first time or again; returns when it takes connections.</summary>
    public async Task Start()
    {
        await Cluster.Prepare(CancellationToken.None);
        var spec = Cluster.Spec();
        _process = await _spawn.Start(new ProcessStartInfo("sh",
            ["-c", "exec \"$@\" >\"$0\" 2>&1", _folder["log"], spec.Program, .. spec.Arguments]));
        await Cluster.WhenReady(TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Ends every connection, and then itself.</summary>
    public Task Stop() => End("INT");

    /// <summary>kill -9 of the process that all others belong to.</summary>
    public Task Kill() => End("KILL");

    /// <summary>Makes an empty database; returns how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(Cluster.ConnectionString + ";Pooling=false");
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Cluster.ConnectionString) { Database = name }.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _spawn.Dispose();
        _folder.Dispose();
    }

    private async Task End(string signal)
    {
        if (_process is not { } process) return;
        _process = null;
        NpgsqlConnection.ClearAllPools();
        await Signals.Send(signal, process.Id);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
