using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Repositories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;

namespace Aedile.Tests.Simulation;

/// <summary>
/// One run of a silo's process: the bundled engine with the production grain, and the gateway's side of pushes.
/// </summary>
internal sealed class SimulatedSilo
{
    private readonly Run _run;
    private readonly SiloHost _host;
    private readonly SimulatedGateway _gateway;
    private readonly TaskCompletionSource _died = new();

    public SimulatedSilo(Run run, int number, IPAddress address)
    {
        (_run, Address) = (run, address);
        Process = run.Scheduler.Start($"silo-{number}", isOrdered: true);
        Sessions = new SimulatedSessions(run, this);
        Nodes = new SimulatedStorageNodes(run, this);
        _gateway = new SimulatedGateway(run, this);
        var seams = new SiloSeams
        {
            Clock = Process.Time,
            Scheduler = Process,
            Parts = SeededRuns.Parts,
            Proxies = run.Proxies,
            Codecs = SeededRuns.Codecs,
            Network = run.Links.PortOf(Process, address),
            MustEnd = _ => run.Faults.SiloEnded(this),
        };
        _host = SiloHost.Build(seams, silo => Configure(silo.Services));
        Process.Run(Start);
    }

    /// <summary>Its process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>Its machine.</summary>
    public IPAddress Address { get; }

    /// <summary>Whether it has joined the fleet and takes calls.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Its view of the nodes.</summary>
    public SimulatedSessions Sessions { get; }

    /// <summary>How it reaches nodes.</summary>
    public SimulatedStorageNodes Nodes { get; }

    /// <summary>Ends when the process does.</summary>
    public Task Death => _died.Task;

    /// <summary>The coordinator.</summary>
    public IRepositoryGrain Grain => _host.Grains.GetGrain<IRepositoryGrain>(_run.Repository.Value);

    /// <summary>Ends it at once: nothing is deactivated.</summary>
    public void Kill()
    {
        Process.Kill();
        IsOpen = false;
        _run.Links.Died(Process);
        _host.Crash();
        _died.TrySetResult();
        _run.SiloEnded(this);
    }

    /// <summary>SIGTERM: it hands over and ends.</summary>
    public Task Stop() => Process.Run(async () =>
    {
        IsOpen = false;
        try
        {
            await _host.Stop(CancellationToken.None);
        }
        catch (Exception error) when (error is not EscapedException)
        {
            _run.Unexpected(Process.Name, error);
        }
        _run.Faults.SiloEnded(this);
    });

    /// <summary>Creates the repository; false when it has to be tried again.</summary>
    public async Task<bool> Create(CreateRepository command)
    {
        try
        {
            return (await Grain.Create(command)).Outcome is CreateOutcome.Created;
        }
        catch (Exception error) when (error is not EscapedException)
        {
            return false; // As the production settlement: the intent stands, the next round tries again.
        }
    }

    /// <summary>Runs a push in the gateway.</summary>
    public Task<PushReport?> Push(
        TransactionId transaction, PushRequest request, byte[] pack, ClientPace pace) =>
        _gateway.Push(transaction, request, pack, pace);

    /// <summary>Reads refs from a candidate, another when one refuses; no view when none could be had.</summary>
    public async Task<(ReplicaVersion Wanted, RefView? View)> Read(Chance chance)
    {
        RouteReply route;
        try
        {
            route = await Grain.Route();
        }
        catch (Exception error) when (error is not EscapedException)
        {
            return default; // The production gateway answers 503.
        }
        if (route.Availability is not Availability.Available) return default;
        var candidates = route.Candidates.ToList();
        while (candidates.Count > 0)
        {
            var node = chance.Pick(candidates);
            candidates.Remove(node);
            try
            {
                var view = await Nodes.Call(
                    node, 5, route.Version,
                    (_, version, ct) => _run.Network.ReadRefs(node, _run.Repository, version, ct),
                    CancellationToken.None);
                if (view.Refs is not null) return (route.Version, view);
            }
            catch (StorageNodeException)
            {
                // The next candidate, as the production gateway does before the first byte.
            }
        }
        return default;
    }

    /// <summary>Answers an agent's question as the gateway's endpoint does; null when it can't.</summary>
    public async Task<Resolution?> Resolve(OpenEntryQuestion question)
    {
        try
        {
            var reply = await Grain.Resolve(
                new ResolveQuestion(question.Node, question.Transaction, question.Token, question.Base));
            return reply.Outcome switch
            {
                PromiseOutcome.Committed => new Resolution(ResolutionOutcome.Committed, Notice(reply.Decision!)),
                PromiseOutcome.Aborted => new Resolution(ResolutionOutcome.Aborted),
                PromiseOutcome.Pending => new Resolution(ResolutionOutcome.Pending),
                _ => throw new UnreachableException($"{reply.Outcome} is no answer."),
            };
        }
        catch (Exception error) when (error is not UnreachableException)
        {
            return null; // The production endpoint answers 503, and the agent asks again.
        }
    }

    private static DecisionNotice Notice(DecisionNoticeView view) => new(view.Version, view.Base, view.Checksum);

    private void Configure(IServiceCollection services)
    {
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<ILoggerFactory>(new TraceLogs(_run.Scheduler.Trace, Process.Name));
        services.AddSingleton<IStorageNodes>(Nodes);
        services.AddSingleton<ICrashPoints>(new SiloCrashPoints(_run, this));
        services.AddRepositories();
        // A repair whose answer is lost is tried again after half an hour; a run is shorter.
        services.PostConfigure<RepositoryOptions>(options => options.FetchLimit = TimeSpan.FromSeconds(30));
        services.AddGrainStorage("fleet", (_, _) => _run.Database.Connect(this));
        services.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.GatewayPort) = (Address, 0));
        FleetServices.Add(services, _ => new StoredMembership(
            _run.Membership.Connect(Process, $"{Address}", _run.Chance.Split())));
    }

    private async Task Start()
    {
        try
        {
            await _host.Start(CancellationToken.None);
        }
        catch (Exception error) when (error is not EscapedException)
        {
            // It could not join; its supervisor starts it again.
            _run.Scheduler.Trace.Say(Process.Name, error.ToString());
            _run.Faults.SiloEnded(this);
            return;
        }
        IsOpen = true;
        Sessions.Watch();
        _ = WakeLost();
    }

    // As the production settlement does.
    private async Task WakeLost()
    {
        var lost = _host.Services.GetRequiredService<LostRows>();
        while (true)
        {
            await Process.Time.Wait(TimeSpan.FromSeconds(2));
            foreach (var id in lost.Take())
            {
                try
                {
                    if (await Grain.Wake()) continue;
                }
                catch (Exception error) when (error is not EscapedException)
                {
                    // The next round tries again.
                }
                lost.Add(id);
            }
        }
    }
}

/// <summary>
/// Which nodes a silo believes to be there: a session each, lost three beats after the last sign of life.
/// </summary>
internal sealed class SimulatedSessions(Run run, SimulatedSilo silo)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(1500);
    private readonly Dictionary<NodeName, Session> _sessions = [];
    private readonly HashSet<NodeName> _known = [];

    /// <summary>The node's session; null when none stands.</summary>
    public Session? Get(NodeName node) => _sessions.GetValueOrDefault(node);

    /// <summary>Whether it ever had one.</summary>
    public bool IsKnown(NodeName node) => _known.Contains(node);

    /// <summary>Begins to take sessions.</summary>
    public void Watch()
    {
        foreach (var machine in run.Machines) _ = Watch(machine);
    }

    private async Task Watch(Machine machine)
    {
        var time = silo.Process.Time;
        var heardAt = time.GetTimestamp();
        while (true)
        {
            await time.Wait(Beat);
            var agent = machine is { IsOn: true, IsCutOff: false,
                Agent: { Role: not null, Process.IsPaused: false } heard }
                ? heard
                : null;
            if (agent is not null) heardAt = time.GetTimestamp();
            var session = Get(machine.Name);
            // A broken connection is seen at once, silence only after a while.
            var isReset = session is not null && machine is { IsOn: true, IsCutOff: false }
                && machine.Agent != session.Agent;
            if (session is not null && (isReset || time.GetElapsedTime(heardAt) > Silence))
            {
                _sessions.Remove(machine.Name);
                session.Ending.Cancel();
                _ = Tell(machine.Name);
            }
            else if (session is null && agent is not null)
            {
                _sessions[machine.Name] = new Session(agent, new CancellationTokenSource());
                _known.Add(machine.Name);
                _ = Tell(machine.Name);
            }
        }
    }

    private async Task Tell(NodeName node)
    {
        while (true)
        {
            try
            {
                await silo.Grain.NodeChanged(node);
                return;
            }
            catch (Exception error) when (error is not EscapedException)
            {
                await silo.Process.Time.Wait(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>A session with one run of an agent.</summary>
    internal sealed record Session(SimulatedAgent Agent, CancellationTokenSource Ending);
}
