using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Engine.Invocation;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Violation">The first broken promise; null when there was none.</param>
/// <param name="Hash">Over every event.</param>
/// <param name="Done">What was done and what failed, counted.</param>
/// <param name="Trace">What happened, if it was kept.</param>
internal sealed record RunResult(string? Violation, ulong Hash, Tally Done, string Trace);

/// <summary>
/// One seed: a fleet, its users and its bad luck, to the end. When the faults end, everything must settle by itself,
/// and stay so through a last loss of power everywhere.
/// </summary>
internal sealed class Run
{
    private static readonly TimeSpan ActLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);
    private string? _violation;
    private int _silosStarted;

    public Run(ulong seed, ProxyCompiler proxies, Sabotage sabotage, bool isTraceKept)
    {
        (Seed, Proxies, Sabotage) = (seed, proxies, sabotage);
        Chance = new Chance(seed);
        Profile = Profile.Draw(Chance);
        Scheduler = new SimulatedScheduler(Chance, isTraceKept);
        Repository = RepositoryId.From(Chance.NextGuid());
        Faults = new Faults(this);
        Network = new SimulatedNetwork(this);
        Ledger = new Ledger(this);
        Database = new SimulatedDatabase(this);
        Links = new LinkNetwork(Scheduler, Chance.Split(), LinkTrouble);
        Membership = new SimulatedStore(Scheduler, StoreTrouble = new StoreTrouble
        {
            FailOneIn = Profile.DatabaseFaultOneIn, SlowOneIn = Profile.LateOneIn,
        });
        Checks = new Checks(this);
        SiloMachines = [.. Enumerable.Range(1, Profile.Silos).Select(n => new IPAddress([10, 0, 0, (byte)n]))];
        Machines = [.. Enumerable.Range(1, Profile.Nodes).Select(n => new Machine(this, NodeName.Parse($"node{n}")))];
    }

    public ulong Seed { get; }
    public ProxyCompiler Proxies { get; }
    public Sabotage Sabotage { get; }
    public Chance Chance { get; }
    public Profile Profile { get; }
    public SimulatedScheduler Scheduler { get; }
    public RepositoryId Repository { get; }
    public Faults Faults { get; }
    public SimulatedNetwork Network { get; }
    public Ledger Ledger { get; }
    public SimulatedDatabase Database { get; }
    public Checks Checks { get; }

    /// <summary>Connections between silos.</summary>
    public LinkNetwork Links { get; }

    /// <summary>The database of their membership.</summary>
    public SimulatedStore Membership { get; }

    public LinkTrouble LinkTrouble { get; } = new() { BreakOneIn = 2000 };
    public StoreTrouble StoreTrouble { get; }
    public Tally Done { get; } = new();
    public IReadOnlyList<Machine> Machines { get; }

    /// <summary>The silos that run.</summary>
    public List<SimulatedSilo> Silos { get; } = [];

    /// <summary>The machines of the silos.</summary>
    public IReadOnlyList<IPAddress> SiloMachines { get; }

    /// <summary>Whether one silo may have answered from its view while another one had written.</summary>
    public bool MayReadStale => Profile.Silos > 1 && Faults.HasPausedSilo;

    /// <summary>Whether faults may strike: not while the fleet is being built.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The machine of that name.</summary>
    public Machine MachineOf(NodeName node) => Machines.First(m => m.Name == node);

    /// <summary>A promise is broken. The run ends with the first.</summary>
    public void Violation(string what)
    {
        _violation ??= what;
        Scheduler.Trace.Add("VIOLATION", what);
    }

    /// <summary>Production code threw what no caller of it expects.</summary>
    public void Unexpected(string who, Exception error)
    {
        Scheduler.Trace.Say(who, error.ToString());
        Violation($"{who} failed with {error.GetType().Name}: {error.Message}");
    }

    /// <summary>Starts a silo on each machine that has none.</summary>
    public void StartSilos()
    {
        foreach (var machine in SiloMachines)
            if (Silos.All(silo => !silo.Address.Equals(machine)))
                Silos.Add(new SimulatedSilo(this, ++_silosStarted, machine));
    }

    /// <summary>A silo is dead.</summary>
    public void SiloEnded(SimulatedSilo silo) => Silos.Remove(silo);

    /// <summary>
    /// Has a silo do something for a client, which gives up after a while, or when the silo dies.
    /// </summary>
    public async Task<T> ThroughSilo<T>(
        Chance chance, Func<SimulatedSilo, CancellationToken, Task<T>> act, T otherwise)
    {
        var open = Silos.Where(s => s.IsOpen).ToList();
        if (open.Count == 0) return otherwise;
        var silo = chance.Pick(open);
        var answer = new TaskCompletionSource<T>();
        var left = new CancellationTokenSource();
        Network.Later(() => silo.Process.Run(async () =>
        {
            try
            {
                var result = await act(silo, left.Token);
                Network.Later(() => answer.TrySetResult(result), mayBeLate: false);
            }
            catch (Exception error) when (error is not EscapedException)
            {
                Unexpected(silo.Process.Name, error);
            }
        }), mayBeLate: false);
        var limit = Scheduler.Outside.Time.Wait(TimeSpan.FromSeconds(chance.Pick([2, 30, 90])));
        var first = await Task.WhenAny(answer.Task, silo.Death, limit);
        if (first == answer.Task) return await answer.Task;
        // A client that gives up closes its connection, which the silo sees a little later.
        Network.Later(() => silo.Process.Run(() =>
        {
            left.Cancel();
            return Task.CompletedTask;
        }), mayBeLate: false);
        return otherwise;
    }

    /// <summary>Runs it all.</summary>
    public RunResult Execute()
    {
        try
        {
            Live();
        }
        catch (EscapedException error)
        {
            Violation(error.Message);
        }
        Done.Count("pieces of work", Scheduler.Steps);
        return new RunResult(_violation, Scheduler.Trace.Hash, Done, Scheduler.Trace.Text);
    }

    private void Live()
    {
        var life = Scheduler.Outside.Run(Begin);
        if (!Until(life, ActLimit) && _violation is null)
            Violation($"the clients did not come to an end: {life.Exception?.ToString() ?? "they wait"}");
        if (_violation is not null) return;
        Faults.EndAll();
        if (!Settle("after the faults")) return;

        var last = Scheduler.Outside.Run(LastPush);
        if (!(Until(last, SettleLimit) && last.Result) && _violation is null)
            Violation("no push succeeds although nothing is wrong any more");
        if (_violation is not null || !Settle("after the last push")) return;

        foreach (var machine in Machines) machine.LosePower();
        foreach (var silo in Silos.ToList()) silo.Kill();
        Faults.EndAll();
        if (Settle("after the last loss of power")) Checks.End();
    }

    private async Task Begin()
    {
        IsReady = Chance.OneIn(4);
        foreach (var machine in Machines) machine.StartAgent();
        StartSilos();
        var command = new CreateRepository(
            "default", RepositoryPath.Parse("hello"), "refs/heads/main", [.. Machines.Select(m => m.Name)],
            SimulatedTime.Epoch);
        while (!await ThroughSilo(Chance, (silo, _) => silo.Create(command), false))
            await Scheduler.Outside.Time.Wait(TimeSpan.FromSeconds(1));
        IsReady = true;
        LinkTrouble.IsOn = StoreTrouble.IsOn = true;
        var clients = Enumerable.Range(1, Profile.Clients).Select(n => new PushClient(this, n)).ToList();
        await Task.WhenAll(clients.Select(c => c.Act(Profile.ActionsPerClient)));
    }

    private async Task<bool> LastPush()
    {
        var client = new PushClient(this, 0);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await client.Read();
            if (await client.Push()) return true;
            await Scheduler.Outside.Time.Wait(TimeSpan.FromSeconds(1));
        }
        return false;
    }

    private bool Settle(string when)
    {
        var end = Scheduler.Now + SettleLimit;
        while (Machines.Any(m => Checks.Unsettled(m) is not null) && Scheduler.Now < end && _violation is null)
            Scheduler.RunUntil(() => _violation is not null, TimeSpan.FromMilliseconds(500));
        foreach (var machine in Machines)
        {
            if (_violation is not null) return false;
            if (Checks.Unsettled(machine) is { } reason) Violation($"{when}, {machine.Name} did not settle: {reason}");
            else Checks.Settled(machine);
        }
        return _violation is null;
    }

    private bool Until(Task task, TimeSpan limit) =>
        Scheduler.RunUntil(() => task.IsCompleted || _violation is not null, limit) && task.IsCompletedSuccessfully;
}
