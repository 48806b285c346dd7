using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Npgsql;

namespace Aedile.Silo.Embedded.Postgres;

/// <summary>
/// A PostgreSQL of our own in a folder: made when it is missing, listening on the loopback address only, with a
/// password. A commit is on disk when it returns; after a crash it recovers at the next start.
/// </summary>
/// <param name="folder">Everything that belongs to it; its user owns it.</param>
/// <param name="password">Of the one database user.</param>
/// <param name="port">Where it listens.</param>
/// <param name="spawn">Starts its processes.</param>
/// <param name="clock">How long it waits for them.</param>
internal sealed partial class PostgresCluster(
    string folder, string password, int port, SpawnThread spawn, TimeProvider clock)
{
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const string User = "aedile";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string _data = Path.Combine(folder, "cluster");

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"tcp://127.0.0.1:{port}");

    /// <summary>How to connect to its one database; holds the password.</summary>
    public string ConnectionString => SiloDatabase.OnPostgres(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = User, Password = password, Database = "postgres",
        ApplicationName = "aedile", MaxPoolSize = 32,
        // Nobody leaves anything behind in a session.
        NoResetOnClose = true,
    }.ToString()).ConnectionString;

    /// <summary>Makes the cluster unless it is there, and ends what an earlier run left of it.</summary>
    /// <exception cref="StartupException">PostgreSQL is missing, or refuses; the message says why.</exception>
    public async Task Prepare(CancellationToken cancellation)
    {
        var programs = PostgresPrograms.Find(_data);
        await EndOrphans(cancellation);
        if (Directory.Exists(_data)) return;

        // Under another name first: what a crash leaves half-made is no cluster.
        var fresh = _data + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var passwordFile = Path.Combine(folder, "password");
        DurableFile.Write(passwordFile, Encoding.UTF8.GetBytes(password), UnixFileMode.UserRead);
        if (programs.User is { } user) await MustSucceed(("chown", ["-R", user, folder]), cancellation);
        await MustSucceed(
            programs.Run(folder, "initdb",
            [
                "--pgdata", PostgresPrograms.Inside("cluster.new"), "--username", User, "--auth", "scram-sha-256",
                "--pwfile", PostgresPrograms.Inside("password"), "--encoding", "UTF8", "--locale", "C",
                "--data-checksums",
            ]),
            cancellation);
        File.Delete(passwordFile);
        Directory.Move(fresh, _data);
        DurableFile.FlushFolder(folder);
    }

    /// <summary>The process to keep running once it is prepared. It stops when nobody is connected any more, or is
    /// cut off.</summary>
    public ChildSpec Spec()
    {
        var (program, arguments) = PostgresPrograms.Find(_data).Run(folder, "postgres", [
            "-D", PostgresPrograms.Inside("cluster"), "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=on",
            "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "max_connections=300",
            "-c", "log_checkpoints=off",
        ]);
        return new ChildSpec("postgres", "database", Address, [.. arguments])
        {
            Program = program, StopSignal = Interrupt,
        };
    }

    /// <summary>Waits until it takes connections.</summary>
    /// <exception cref="StartupException">It takes none within a minute.</exception>
    public async Task WhenReady(CancellationToken cancellation)
    {
        // Not pooled: nothing of this wait should stay.
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                return;
            }
            catch (NpgsqlException error)
            {
                if (IsStarting(error) && clock.GetElapsedTime(began) < StartLimit)
                {
                    await Task.Delay(Interval, clock, cancellation);
                    continue;
                }

                throw new StartupException($"PostgreSQL takes no connection: {error.Message}", error);
            }
        }
    }

    private static bool IsStarting(NpgsqlException error) =>
        error.IsTransient || error.SqlState == PostgresErrorCodes.CannotConnectNow;

    // The lock of the data folder is ours, so whatever still runs here has lost its supervisor.
    private async Task EndOrphans(CancellationToken cancellation)
    {
        var limit = clock.GetTimestamp();
        while (Directory.Exists(_data) && Orphans() is { Count: > 0 } orphans)
        {
            foreach (var pid in orphans) _ = Signal(pid, Quit);
            if (clock.GetElapsedTime(limit) > StartLimit)
                throw new StartupException($"PostgreSQL of an earlier run does not end: process {orphans[0]}.");
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private List<int> Orphans()
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var target = File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false);
                if (target?.FullName == _data) found.Add(pid);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }
        }

        return found;
    }

    private async Task MustSucceed(
        (string Program, IEnumerable<string> Arguments) command, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["LC_ALL"] = "C" },
        };
        try
        {
            using var process = await spawn.Start(info);
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode == 0) return;
            throw new StartupException($"PostgreSQL could not be made ready: {(await error + await output).Trim()}");
        }
        catch (Win32Exception error)
        {
            throw new StartupException($"{command.Program} can't be started: {error.Message}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
