using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Aedile.Silo.Embedded.Postgres;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Embedded.Move;

/// <summary>
/// Makes the data folder of a fleet out of that of a single silo (docs/adr/0013): files, tables, grains' state. It is
/// built beside its place and takes it when it is whole and on disk; what a crash leaves is thrown away by the next
/// try. The old folder stays as it was, but for a mark that keeps it from being started.
/// </summary>
internal sealed partial class InstallationMove(DataFolder from, string to, TimeProvider clock)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private string Building => to + ".moving";

    /// <summary>Runs <c>--move --from DIR --data DIR</c>.</summary>
    /// <returns>0 when it is done; a message and 2 are for the caller to give.</returns>
    /// <exception cref="StartupException">It can't be done; nothing was changed.</exception>
    public static async Task<int> Run(string[] arguments)
    {
        EngineCheck.RequireSqlite();
        var line = CommandLine.Parse(arguments.AsSpan(1), "from", "data");
        var (source, target) = (Path.GetFullPath(line.Require("from")), Path.GetFullPath(line.Require("data")));
        if (!File.Exists(Path.Combine(source, "silo.db")))
            throw new StartupException($"{source} is no data folder of a single silo (./run): it has no silo.db.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new StartupException($"{target} is not empty; choose another folder with --data.");
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        // Both locks: a supervisor has the one, a silo that runs by itself the other.
        using var data = DataFolder.Open(source, "lock", movesTo: target);
        using var silo = DataFolder.Open(source, "silo-1.lock", movesTo: target);
        try
        {
            await new InstallationMove(data, target, TimeProvider.System).Run(stop.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new StartupException("Stopped. Nothing was moved.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or System.Data.Common.DbException)
        {
            throw new StartupException($"The move failed, and {source} is as it was: {error.Message}", error);
        }
    }

    private async Task Run(CancellationToken cancellation)
    {
        if (Directory.Exists(Building)) Directory.Delete(Building, recursive: true);
        var files = FolderMove.Run(new DirectoryInfo(from.Root), Building, cancellation);
        Console.WriteLine($"copied {files} files");
        using (var data = DataFolder.Open(Building, "lock"))
        {
            Directory.CreateDirectory(data.Logs);
            await MoveDatabase(data, cancellation);
        }

        // All of it is on disk before anything says so: a power cut leaves the old folder or the new one.
        Sync();
        DurableFile.Write(from.MovedFile, Encoding.UTF8.GetBytes(to + "\n"), Private);
        if (Directory.Exists(to)) Directory.Delete(to);
        Directory.Move(Building, to);
        DurableFile.FlushFolder(Path.GetDirectoryName(to)!);
        Console.WriteLine($"moved {from.Root} to {to}; the old folder stays, and won't start any more");
    }

    private async Task MoveDatabase(DataFolder data, CancellationToken cancellation)
    {
        using var spawn = new SpawnThread();
        using var log = new ChildLog(Path.Combine(data.Logs, "postgres.log"));
        using var stop = new CancellationTokenSource();
        var cluster = new PostgresCluster(data.DatabaseFolder, data.DatabasePassword(), FreePort(), spawn, clock);
        await cluster.Prepare(cancellation);
        var child = new Child(cluster.Spec(), spawn, log, clock, () => { }, Console.Error.WriteLine);
        var running = child.Run(StopGrace, stop.Token);
        try
        {
            await cluster.WhenReady(cancellation);
            var (source, target) = (
                SiloDatabase.InFile(from.Database), SiloDatabase.OnPostgres(cluster.ConnectionString));
            await new SchemaMigrations(source, clock).Apply(cancellation);
            await new SchemaMigrations(target, clock).Apply(cancellation);
            var grains = await new GrainMove(source, target).Run(cancellation);
            var rows = await new TableMove(source, target).Run(cancellation);
            Console.WriteLine($"copied {rows} rows and the state of {grains} grains");
        }
        finally
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
            await stop.CancelAsync();
            await running;
        }
    }

    // For a moment only; the fleet has a port of its own.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes all that the kernel still holds to the disks, and waits for it (sync(2) on Linux).</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();
}
