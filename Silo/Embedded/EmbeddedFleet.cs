using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Aedile.Silo.Embedded.Postgres;
using Aedile.Silo.Engines;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Embedded;

/// <summary>
/// The supervisor behind <c>./run</c>: silos and agents on this machine, and their PostgreSQL if they are a fleet, each
/// a process of its own. What dies is started again after a pause; when the supervisor dies, they all do.
/// </summary>
internal sealed class EmbeddedFleet(EmbeddedOptions options, DataFolder data, TimeProvider clock) : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private readonly SpawnThread _spawn = new();
    private readonly List<ChildLog> _logs = [];
    private readonly RunFile _file = new(data.RunFile);
    private readonly CancellationTokenSource _stopDatabase = new();
    private ImmutableArray<Child> _children = [];

    /// <summary>Runs an embedded fleet until SIGINT or SIGTERM.</summary>
    /// <returns>0 after a stop, 2 when it could not start as asked.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var options = EmbeddedOptions.Parse(args);
            if (!options.IsFleet) EngineCheck.RequireSqlite();
            using var data = DataFolder.Open(options.Data, "lock");
            using var fleet = new EmbeddedFleet(options, data, TimeProvider.System);
            return await fleet.Run(stop);
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopDatabase.Dispose();
        _spawn.Dispose();
        foreach (var log in _logs) log.Dispose();
    }

    private async Task<int> Run(CancellationTokenSource stop)
    {
        await StartupChecks.Run(options, data, _spawn);
        Directory.CreateDirectory(data.Logs);
        var silos = options.Silos == 1 ? "one silo" : $"{options.Silos} silos";
        Say($"starting {silos} ({HostedEngine.Name}) and {options.Agents} agents under {data.Root}");
        var (database, running) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            if (options.IsFleet) database = await StartDatabase(stop.Token);
            using var enroller = new AgentEnroller(options.SiloAddresses, data, clock);
            ImmutableArray<Child> processes = [.. new FleetSpecs(options, data, enroller).All().Select(Make)];
            _children = [.. _children, .. processes];
            running = Task.WhenAll(processes.Select(c => c.Run(StopGrace, stop.Token)));
            await WaitUntilReady(stop.Token);
            ShowFirstSteps();
            await running;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
        finally
        {
            await stop.CancelAsync();
            await running;
            // Last: silos that stop still write.
            await _stopDatabase.CancelAsync();
            await database;
        }

        File.Delete(data.RunFile);
        Say("stopped");
        return 0;
    }

    private async Task<Task> StartDatabase(CancellationToken stop)
    {
        var password = data.DatabasePassword();
        var cluster = new PostgresCluster(data.DatabaseFolder, password, options.DatabasePort, _spawn, clock);
        await cluster.Prepare(stop);
        DurableFile.Write(data.ConnectionFile, Encoding.UTF8.GetBytes(cluster.ConnectionString), Private);
        var child = Make(cluster.Spec());
        _children = [child];
        var running = child.Run(StopGrace, _stopDatabase.Token);
        try
        {
            await cluster.WhenReady(stop);
            // The silos do this too; but a database of a newer program is better refused once, and here.
            await new SchemaMigrations(SiloDatabase.OnPostgres(cluster.ConnectionString), clock).Apply(stop);
            Say("PostgreSQL is ready");
            return running;
        }
        catch
        {
            await _stopDatabase.CancelAsync();
            await running;
            throw;
        }
    }

    private Child Make(ChildSpec spec)
    {
        var log = new ChildLog(Path.Combine(data.Logs, spec.Name + ".log"));
        _logs.Add(log);
        return new Child(spec, _spawn, log, clock, () => _file.Write(_children), Warn);
    }

    private async Task WaitUntilReady(CancellationToken stop)
    {
        var readiness = new FleetReadiness(options.SiloAddresses, data, clock);
        var ready = readiness.Wait(options.Agents, Say, stop);
        while (await Task.WhenAny(ready, Task.Delay(TimeSpan.FromSeconds(1), clock, stop)) != ready)
            foreach (var child in _children.Where(c => c.Ends >= 3))
                Say($"{child.Spec.Name} keeps ending: {child.LastWords} (see {data.Logs})");
        await ready;
    }

    private void ShowFirstSteps()
    {
        var silo = options.SiloAddresses[0];
        var address = FleetSpecs.Text(silo);
        var others = options.Silos == 1 ? ""
            : $"\nEvery silo serves everything: {string.Join(' ', options.SiloAddresses.Select(FleetSpecs.Text))}";
        var token = data.AdminTokenFile;
        var (curl, git, scheme) = options.HasTls
            ? ($"curl --cacert {data.AuthoritiesFile}", $"git -c http.sslCAInfo={data.AuthoritiesFile}", "https")
            : ("curl", "git", "http");
        var enrolment = data.AdminEnrolmentFile;
        if (File.Exists(enrolment))
            Console.WriteLine($"""

                The administrator sets a password once, with the token in {enrolment}:
                  {curl} {address}/v1/enrol --json '{"{"}"enrolmentToken":"'$(cat {enrolment})'","password":"…"{"}"}'
                """);
        Console.WriteLine($"""

            Aedile is at {address} (open it in a browser; sign in with the token).{others}
            The administrator's token is in {token}

            A first repository and push:
              {curl} -H "Authorization: Bearer $(cat {token})" {address}/v1/repositories \
                   --json '{"{"}"virtualStorage":"default","path":"hello"{"}"}'
              {git} push {scheme}://any:$(cat {token})@{silo.Authority}/git/default/hello.git main

            Ctrl-C stops every process. What they say is in {data.Logs}
            ready {address}
            """);
    }

    private static void Say(string line) => Console.WriteLine(line);

    // After the line that says ready, standard output stays silent: scripts read it.
    private static void Warn(string line) => Console.Error.WriteLine(line);
}
