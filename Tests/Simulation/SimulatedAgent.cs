using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>One run of an agent's process: the production storage role on the machine's disk, git and clock.</summary>
internal sealed class SimulatedAgent
{
    private readonly Run _run;
    private readonly Machine _machine;
    private readonly TaskCompletionSource _died = new();

    public SimulatedAgent(Run run, Machine machine)
    {
        (_run, _machine) = (run, machine);
        Process = run.Scheduler.Start($"agent-{machine.Name}");
        Process.Run(Start);
    }

    /// <summary>Its process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>The storage role; null until it has started.</summary>
    public StorageRole? Role { get; private set; }

    /// <summary>Its git.</summary>
    public SimulatedGit Git { get; private set; } = null!;

    /// <summary>Ends when the process does.</summary>
    public Task Death => _died.Task;

    /// <summary>Tells those who wait for an answer that the connection is reset.</summary>
    public void Died() => _died.TrySetResult();

    /// <summary>SIGTERM: it ends in order, if it is let.</summary>
    public Task Stop() => Process.Run(async () =>
    {
        if (Role is { } role) await role.DisposeAsync();
        Exit();
    });

    private async Task Start()
    {
        var seam = new Seam(_run.Scheduler, Process, _run.Faults, _machine.Chance);
        Git = new SimulatedGit(_machine, seam, _run.Network);
        var ports = new StoragePorts(
            _run.Sabotage.Disk(new SimulatedDisk(_machine.Image, seam)), Git,
            new SiloLine(_run, _machine, Process), Process.Time,
            (_, cause) => Exit(cause), new TraceLog(_run.Scheduler.Trace, Process.Name), new StorageOptions
            {
                JournalCompactAfter = 4096 << _machine.Chance.Below(6),
            });
        try
        {
            Role = await StorageRole.Start(ports, Machine.AgentFolder + "/storage", _machine.BootId);
            _run.Scheduler.Trace.Add(Process.Name, "started");
            _run.Done.Count("agents started");
        }
        catch (JournalCorruptException error)
        {
            _run.Violation($"{_machine.Name}: the journal is corrupt after a crash: {error.Message}");
            Exit();
        }
        catch (IOException error)
        {
            Exit(error);
        }
    }

    private void Exit(Exception? cause = null)
    {
        if (cause is not null) _run.Scheduler.Trace.Say(Process.Name, $"exits: {cause.Message}");
        if (_machine.Agent == this) _run.Faults.AgentEnded(_machine);
    }
}

/// <summary>How an agent asks what became of its promises: through whichever silo answers.</summary>
internal sealed class SiloLine(Run run, Machine machine, SimulatedProcess process) : ISiloLine
{
    public async Task<Resolution> Resolve(
        RepositoryId repository, TransactionId transaction, CommandToken token, ReplicaVersion baseVersion,
        CancellationToken cancellation)
    {
        var question = new OpenEntryQuestion(machine.Name, repository, transaction, token, baseVersion);
        var resolution = await run.Network.Ask(process, machine, question, cancellation)
            ?? run.Sabotage.Unanswered;
        run.Done.Count($"promises asked about: {resolution.Outcome}");
        return resolution;
    }
}
