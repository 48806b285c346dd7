using Aedile.Engine.Membership;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Tests.Simulation.Fleet;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Simulation.Model;

/// <summary>A silo with the model: production code over the simulated network and database.</summary>
internal sealed class ModelProgram : IFleetMember, IGate
{
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(3);

    private readonly SimulatedProcess _process;
    private readonly SiloProgram _silo;
    private readonly StoredJournal _journal;
    private Action _stop = static () => { };

    public ModelProgram(
        SimulatedFleet fleet, FleetMachine machine, SimulatedProcess process, ActivationBook book, bool isBlind,
        Action<ModelState> applied)
    {
        _process = process;
        _journal = new StoredJournal(fleet.Store.Connect(process, machine.Name, machine.Chance)) { IsBlind = isBlind };
        Replica = new ModelReplica(_journal, process.Time);
        Replica.Changed += (_, after, entry) =>
        {
            if (entry is not null) applied(after);
        };
        _silo = new SiloProgram(
            fleet, machine, process, FleetSabotage.None, book,
            more: services => services.AddSingleton<IModelJournal>(_journal).AddSingleton<IModelReplica>(Replica));
    }

    public ModelReplica Replica { get; }

    /// <summary>Null before the silo has started.</summary>
    public ReplicaSync? Sync { get; private set; }

    public LatestIndex Latest => field ??= new LatestIndex(_journal);

    public SiloAddress? Self => _silo.Self;

    public MembershipTableSnapshot View => _silo.View;

    public bool IsOpen { get; private set; }

    public async Task Start()
    {
        await _silo.Start();
        var sync = Sync = new ReplicaSync(
            Replica, _journal, _journal, _silo.Grains, _process.Time, _silo.LogOf<ReplicaSync>());
        while (!await TryLoad(sync)) await _process.Time.Wait(TimeSpan.FromMilliseconds(200));
        var stopping = new CancellationTokenSource();
        _stop = stopping.Cancel; // At once: CancelAsync goes by the thread pool.
        _ = sync.Run(stopping.Token);
        _ = KeepSnapshots(stopping.Token);
        IsOpen = _silo.IsOpen;
    }

    public async Task Stop()
    {
        IsOpen = false;
        _stop();
        await _silo.Stop();
    }

    public void Crash()
    {
        IsOpen = false;
        _silo.Crash();
    }

    public Task<T> Call<T>(Func<IGrainFactory, Task<T>> call) => _silo.Call(call);

    private static async Task<bool> TryLoad(ReplicaSync sync)
    {
        try
        {
            await sync.Load(CancellationToken.None);
            return true;
        }
        catch (JournalAwayException)
        {
            return false;
        }
    }

    // Often, so that replicas begin with one, and miss entries that are compacted.
    private async Task KeepSnapshots(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await _process.Time.Wait(SnapshotInterval);
            try
            {
                await _journal.Write(Replica.Current, 5, stopping);
            }
            catch (JournalAwayException)
            {
                // The next one will do.
            }
        }
    }
}
