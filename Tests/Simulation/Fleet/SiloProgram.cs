using Aedile.Engine.Hosting;
using Aedile.Engine.Membership;
using Aedile.Engine.Reminders;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using EngineSilo = Aedile.Engine.Runtime.Silo;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A whole silo: the production engine over the simulated network and database.</summary>
internal sealed class SiloProgram : IFleetMember, IGate
{
    private readonly SimulatedFleet _fleet;
    private readonly FleetMachine _machine;
    private readonly SimulatedProcess _process;
    private readonly SiloHost _host;
    private int _calls;
    private bool _hasStarted;
    private bool _isStopping;

    public SiloProgram(
        SimulatedFleet fleet, FleetMachine machine, SimulatedProcess process, FleetSabotage sabotage,
        ActivationBook book, TickLedger? ticks = null, Action<IServiceCollection>? more = null)
    {
        (_fleet, _machine, _process) = (fleet, machine, process);
        var database = fleet.Store.Connect(process, machine.Name, machine.Chance);
        var seams = new SiloSeams
        {
            Clock = process.Time,
            Scheduler = process,
            Parts = FleetRuns.Parts,
            Proxies = SeededRuns.Proxies,
            Codecs = FleetRuns.Codecs,
            Network = fleet.Network.PortOf(process, machine.Address),
            MustEnd = reason => machine.Exit(process, reason),
        };
        _host = SiloHost.Build(seams, silo =>
        {
            silo.Services.AddSingleton<ILoggerFactory>(new TraceLogs(fleet.Scheduler.Trace, machine.Name));
            silo.Services.AddSingleton(book);
            silo.Services.AddGrainStorage("fleet", (_, _) => new StoredGrains(database, !sabotage.WritesBlindly));
            silo.Services.Configure<EndpointOptions>(options =>
                (options.AdvertisedIPAddress, options.GatewayPort) =
                    (machine.Address, EndpointOptions.DEFAULT_GATEWAY_PORT));
            silo.Services.Configure<ClusterMembershipOptions>(options => sabotage.Configure(machine, options));
            if (ticks is not null) AddReminders(silo, ticks, sabotage.Reminders(new StoredReminders(database)));
            FleetServices.Add(silo.Services, _ => sabotage.Membership(new StoredMembership(database)));
            more?.Invoke(silo.Services);
        });
    }

    /// <summary>How often a silo looks at the table of reminders by itself.</summary>
    public static TimeSpan ReminderRefresh { get; } = TimeSpan.FromSeconds(10);

    public IGrainFactory Grains => _host.Grains;

    public SiloAddress? Self => Agent?.Self;

    public MembershipTableSnapshot View => Agent?.Table.View ?? MembershipTableSnapshot.None;

    /// <inheritdoc/>
    public bool IsOpen { get; private set; }

    private MembershipAgent? Agent => _host.Services.GetRequiredService<EngineSilo>().Fleet?.Agent;

    private static void AddReminders(ISiloBuilder silo, TickLedger ticks, IReminderStore table)
    {
        silo.AddReminders();
        silo.Services.AddSingleton(table).AddSingleton(ticks);
        silo.Services.Configure<ReminderOptions>(options =>
            (options.MinimumReminderPeriod, options.RefreshReminderListPeriod) =
                (TimeSpan.FromSeconds(1), ReminderRefresh));
    }

    public ILogger<T> LogOf<T>() => _host.Services.GetRequiredService<ILogger<T>>();

    public async Task Start()
    {
        await _host.Start(CancellationToken.None);
        _hasStarted = true;
        IsOpen = !_isStopping;
        _fleet.Scheduler.Trace.Add(_machine.Name, "active");
    }

    public async Task Stop()
    {
        // As the gateway: it refuses what is new, and ends what it has begun.
        (_isStopping, IsOpen) = (true, false);
        while (!_hasStarted || _calls > 0) await _process.Time.Wait(TimeSpan.FromMilliseconds(10));
        await _host.Stop(CancellationToken.None);
    }

    public void Crash()
    {
        IsOpen = false;
        _host.Crash();
    }

    /// <inheritdoc/>
    public Task<T> Call<T>(Func<IGrainFactory, Task<T>> call)
    {
        _calls++; // Now, not when its process comes to it: it may have begun to stop by then.
        return _process.Run(async () =>
        {
            try
            {
                return await call(_host.Grains);
            }
            finally
            {
                _calls--;
            }
        });
    }
}
