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

    private PostgresCluster Cluster => new(_folder["db"], Password, _port, _spawn, TimeProvider.System);

    /// <summary>Where it listens, on the loopback address.</summary>
    public int Port => _port;

    /// <summary>Starts it, the first time or again; returns when it takes connections.</summary>
    public async Task Start()
    {
        await Cluster.Prepare(CancellationToken.None);
        var spec = Cluster.Spec();
        _process = await _spawn.Start(new ProcessStartInfo("sh",
            ["-c", "exec \"$@\" >\"$0\" 2>&1", _folder["log"], spec.Program, .. spec.Arguments]));
        await Cluster.WhenReady(CancellationToken.None);
    }

    /// <summary>Ends every connection, and then itself.</summary>
    public Task Stop() => End("INT");

    /// <summary>kill -9 of the process that all others belong to.</summary>
    public Task Kill() => End("KILL");

    /// <summary>Starts a standby that repeats every commit of this one, and from now on waits for it to have each
    /// on its disk before it says that it is done.</summary>
    public async Task<PostgresProcess> StartStandby()
    {
        var standby = new PostgresProcess();
        try
        {
            await standby.CopyFrom(this);
            await standby.Start();
            await Execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
            await Execute("SELECT pg_reload_conf()");
            await Eventually.True("the standby keeps up", TimeSpan.FromSeconds(30), async () => Equals(
                await Execute("SELECT sync_state FROM pg_stat_replication"), "sync"));
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a standby the primary; returns when it takes writes.</summary>
    public Task Promote() => Execute("SELECT pg_promote()");

    /// <summary>Makes an empty database; returns how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await Execute($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(Cluster.ConnectionString) { Database = name }.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _spawn.Dispose();
        _folder.Dispose();
    }

    private async Task<object?> Execute(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Cluster.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task CopyFrom(PostgresProcess primary)
    {
        var programs = PostgresPrograms.Find(_folder["db"]);
        Directory.CreateDirectory(_folder["db"]);
        if (programs.User is { } user) (await new Command("chown", user, _folder["db"]).Run()).MustSucceed();
        var source = string.Create(CultureInfo.InvariantCulture,
            $"host=127.0.0.1 port={primary.Port} user=aedile password={Password} application_name=standby");
        var (program, arguments) = programs.Run(_folder["db"], "pg_basebackup",
        [
            "--pgdata", PostgresPrograms.Inside("cluster"), "--dbname", source, "--write-recovery-conf",
            "--checkpoint", "fast",
        ]);
        (await new Command(program, [.. arguments]).Run()).MustSucceed();
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
