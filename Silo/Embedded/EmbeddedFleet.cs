using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>
/// The supervisor behind <c>./run</c>: one silo and some agents on this machine, each a process of its own. What dies
/// is started again after a pause; when the supervisor dies, they all do.
/// </summary>
internal sealed class EmbeddedFleet(EmbeddedOptions options, DataFolder data, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private readonly SpawnThread _spawn = new();
    private readonly List<ChildLog> _logs = [];
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
            using var data = DataFolder.Open(options.Data, "lock");
            using var fleet = new EmbeddedFleet(options, data, TimeProvider.System);
            return await fleet.Run(stop.Token);
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
        _spawn.Dispose();
        foreach (var log in _logs) log.Dispose();
    }

    private async Task<int> Run(CancellationToken stop)
    {
        await StartupChecks.Run(options, _spawn);
        Directory.CreateDirectory(data.Logs);
        var file = new RunFile(data.RunFile);
        _children = [.. Specs().Select(spec => Make(spec, file))];
        Say($"starting one silo and {options.Agents} agents under {data.Root}");
        var running = Task.WhenAll(_children.Select(c => c.Run(StopGrace, stop)));
        try
        {
            var readiness = new FleetReadiness(options.SiloAddress, DataFolder.ReadSecret(data.AdminTokenFile), clock);
            var ready = readiness.Wait(options.Agents, Say, stop);
            while (await Task.WhenAny(ready, Task.Delay(TimeSpan.FromSeconds(1), clock, stop)) != ready)
                foreach (var child in _children.Where(c => c.Ends >= 3))
                    Say($"{child.Spec.Name} keeps ending: {child.LastWords} (see {data.Logs})");
            await ready;
            ShowFirstSteps();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
        await running;
        File.Delete(data.RunFile);
        Say("stopped");
        return 0;
    }

    private Child Make(ChildSpec spec, RunFile file)
    {
        var log = new ChildLog(Path.Combine(data.Logs, spec.Name + ".log"));
        _logs.Add(log);
        return new Child(spec, _spawn, log, clock, () => file.Write(_children), Warn);
    }

    private IEnumerable<ChildSpec> Specs()
    {
        var parent = $"{Environment.ProcessId}";
        yield return new ChildSpec("silo-1", "silo", options.SiloAddress,
        [
            typeof(EmbeddedFleet).Assembly.Location, "--data", data.Root, "--urls", Text(options.SiloAddress),
            "--parent", parent, "--nodes",
            string.Join(',', Enumerable.Range(1, options.Agents).Select(EmbeddedOptions.NodeName)),
        ]);
        for (var number = 1; number <= options.Agents; number++)
        {
            var name = EmbeddedOptions.NodeName(number);
            yield return new ChildSpec(name, "agent", options.AgentAddress(number),
            [
                options.AgentProgram, "--node", name, "--data", data.Agent(name), "--listen",
                Text(options.AgentAddress(number)), "--silos", Text(options.SiloAddress), "--token-file",
                data.FleetTokenFile, "--parent", parent,
            ]);
        }
    }

    private void ShowFirstSteps()
    {
        var address = Text(options.SiloAddress);
        var token = data.AdminTokenFile;
        Console.WriteLine($"""

            Aedile is at {address} (open it in a browser; sign in with the token).
            The administrator's token is in {token}

            A first repository and push:
              curl -H "Authorization: Bearer $(cat {token})" {address}/v1/repositories \
                   --json '{"{"}"virtualStorage":"default","path":"hello"{"}"}'
              git push http://any:$(cat {token})@{options.SiloAddress.Authority}/git/default/hello.git main

            Ctrl-C stops every process. What they say is in {data.Logs}
            ready {address}
            """);
    }

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static void Say(string line) => Console.WriteLine(line);

    // After the line that says ready, standard output stays silent: scripts read it.
    private static void Warn(string line) => Console.Error.WriteLine(line);
}
