using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Aedile.Engine.Reminders;
using Orleans.Configuration;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// One rule of a fleet broken on purpose, to prove that the simulation would notice. The base breaks none.
/// </summary>
internal class FleetSabotage
{
    /// <summary>Nothing is broken.</summary>
    public static FleetSabotage None { get; } = new();

    /// <summary>Whether grain state is written whatever its version is.</summary>
    public virtual bool WritesBlindly => false;

    /// <summary>The membership store that a silo gets.</summary>
    public virtual IMembershipStore Membership(IMembershipStore store) => store;

    /// <summary>How a silo asks and answers others.</summary>
    public virtual ISiloMessenger Messenger(ISiloMessenger messenger) => messenger;

    /// <summary>The table of reminders that a silo gets.</summary>
    public virtual IReminderStore Reminders(IReminderStore store) => store;

    /// <summary>A silo's limits.</summary>
    public virtual void Configure(FleetMachine machine, ClusterMembershipOptions options) { }
}

/// <summary>State is stored whoever wrote it meanwhile.</summary>
internal sealed class BlindWrites : FleetSabotage
{
    public override bool WritesBlindly => true;
}

/// <summary>A reminder is acknowledged and never stored; only the silo that registered it knows.</summary>
internal sealed class LostReminders : FleetSabotage
{
    public override IReminderStore Reminders(IReminderStore store) => new Store(store);

    private sealed class Store(IReminderStore store) : IReminderStore
    {
        public Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation) =>
            store.ReadAll(wanted, cancellation);

        public Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain) => store.ReadGrain(grain);

        public Task<Reminder?> Read(ReminderId id) => store.Read(id);

        public Task<Reminder> Put(Reminder reminder) => Task.FromResult(reminder);

        public Task<bool> TryRemove(ReminderId id, int version) => store.TryRemove(id, version);
    }
}

/// <summary>Every vote counts twice: one silo alone declares others dead.</summary>
internal sealed class DoubleVotes : FleetSabotage
{
    public override IMembershipStore Membership(IMembershipStore store) => new Store(store);

    private sealed class Store(IMembershipStore store) : IMembershipStore
    {
        public Task Prepare(CancellationToken cancellation) => store.Prepare(cancellation);

        public Task<MembershipTableSnapshot> Read(CancellationToken cancellation) => store.Read(cancellation);

        public Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation) =>
            store.TryBeat(silo, at, cancellation);

        public Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation) =>
            store.TryChange(
                version,
                change is TableChange.Update { Entry: { Status: SiloStatus.Active, Suspicions.Length: > 0 } suspect }
                    ? new TableChange.Update(suspect with { Status = SiloStatus.Dead })
                    : change,
                cancellation);
    }
}

/// <summary>Two silos may change the table at once: what one of them saw is not what there is.</summary>
internal sealed class BlindTable : FleetSabotage
{
    public override IMembershipStore Membership(IMembershipStore store) => new Store(store);

    private sealed class Store(IMembershipStore store) : IMembershipStore
    {
        public Task Prepare(CancellationToken cancellation) => store.Prepare(cancellation);

        public Task<MembershipTableSnapshot> Read(CancellationToken cancellation) => store.Read(cancellation);

        public Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation) =>
            store.TryBeat(silo, at, cancellation);

        public async Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation)
        {
            var now = await store.Read(cancellation);
            return await store.TryChange(now.Version, change, cancellation);
        }
    }
}

/// <summary>Silos say that they have handed over before they have.</summary>
internal sealed class HastyHandover : FleetSabotage
{
    public override ISiloMessenger Messenger(ISiloMessenger messenger) => new Hasty(messenger);

    private sealed class Hasty(ISiloMessenger messenger) : ISiloMessenger
    {
        public Task<TReply> Ask<TQuestion, TReply>(
            SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
            where TQuestion : notnull
            where TReply : notnull => messenger.Ask<TQuestion, TReply>(silo, question, limit, cancellation);

        public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
            where TQuestion : notnull
            where TReply : notnull =>
            messenger.Answer<TQuestion, TReply>((silo, question, cancellation) => question is Handover handover
                ? Task.FromResult((TReply)(object)new HandoverReply(true, handover.View))
                : handler(silo, question, cancellation));

        public void Abandon(SiloAddress dead) => messenger.Abandon(dead);

        public void Release(SiloAddress left) => messenger.Release(left);
    }
}

/// <summary>One silo believes in its lease for a quarter of an hour.</summary>
internal sealed class EndlessLease : FleetSabotage
{
    public override void Configure(FleetMachine machine, ClusterMembershipOptions options)
    {
        if (machine.Name == "silo1") options.NumMissedTableIAmAliveLimit = 900;
    }
}
