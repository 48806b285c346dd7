using Aedile.Engine.Client;
using Aedile.Engine.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A production client, which finds its gateways in the simulated database.</summary>
#pragma warning disable CA1001 // It ends as a process does: killed, with all it holds.
internal sealed class ClientProgram : IFleetProgram, IGate
#pragma warning restore CA1001
{
    private readonly FleetMachine _machine;
    private readonly SimulatedFleet _fleet;
    private readonly SimulatedProcess _process;
    private readonly ClusterClient _client;
    private int _calls;

    public ClientProgram(SimulatedFleet fleet, FleetMachine machine, SimulatedProcess process)
    {
        (_fleet, _machine, _process) = (fleet, machine, process);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(new TraceLogs(fleet.Scheduler.Trace, machine.Name));
        services.AddSingleton<IGatewayList>(new TableGatewayList(
            new StoredMembership(fleet.Store.Connect(process, machine.Name, machine.Chance))));
        services.AddSingleton(new ClientSeams
        {
            Clock = process.Time,
            Scheduler = process,
            Network = fleet.Network.PortOf(process, machine.Address),
            Parts = FleetRuns.Parts,
            Codecs = FleetRuns.Codecs,
            Proxies = SeededRuns.Proxies,
            Id = process.Name,
        });
        ClientServices.Add(services);
        _client = services.BuildServiceProvider().GetRequiredService<ClusterClient>();
    }

    /// <inheritdoc/>
    public bool IsOpen { get; private set; }

    /// <inheritdoc/>
    public async Task Start()
    {
        await _client.Start(CancellationToken.None);
        IsOpen = true;
        _fleet.Scheduler.Trace.Add(_machine.Name, "linked");
    }

    /// <inheritdoc/>
    public async Task Stop()
    {
        IsOpen = false;
        while (_calls > 0) await _process.Time.Wait(TimeSpan.FromMilliseconds(10));
        await _client.Stop(CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Crash() => IsOpen = false;

    /// <inheritdoc/>
    public Task<T> Call<T>(Func<IGrainFactory, Task<T>> call)
    {
        _calls++;
        return _process.Run(async () =>
        {
            try
            {
                return await call(_client.GrainFactory);
            }
            finally
            {
                _calls--;
            }
        });
    }
}
