using System.Diagnostics;
using Aedile.Benchmarks.Git;
using Aedile.Silo.Embedded;
using Aedile.Silo.Embedded.Postgres;
using Npgsql;

namespace Aedile.Benchmarks;

/// <summary>A PostgreSQL as <c>./run fleet</c> starts it, in a temporary folder.</summary>
internal sealed class PostgresUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aedile-bench-");
    private readonly SpawnThread _spawn = new();
    private readonly PostgresCluster _cluster;
    private Process? _process;

    private PostgresUnderTest(TimeProvider clock) => _cluster = new PostgresCluster(
        Path.Combine(_folder.FullName, "db"), "of-no-value-0123456789", 18470, _spawn, clock);

    /// <summary>How to connect.</summary>
    public string ConnectionString => _cluster.ConnectionString;

    /// <summary>Starts one and waits until it takes connections.</summary>
    public static async Task<PostgresUnderTest> Start(TimeProvider clock)
    {
        var database = new PostgresUnderTest(clock);
        await database._cluster.Prepare(CancellationToken.None);
        var spec = database._cluster.Spec();
        var info = new ProcessStartInfo("sh", ["-c", "exec \"$@\" 2>/dev/null", "sh", spec.Program, .. spec.Arguments]);
        database._process = await database._spawn.Start(info);
        await database._cluster.WhenReady(CancellationToken.None);
        return database;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_process is { } process)
        {
            await new Tool(_folder.FullName).Run("/", "kill", "-INT", $"{process.Id}");
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _spawn.Dispose();
        _folder.Delete(recursive: true);
    }
}
