using Aedile.Engine.Membership;
using Orleans.Runtime;

namespace Aedile.Engine.Simulation;

/// <summary>The membership table in the simulated database.</summary>
internal sealed class StoredMembership(StoreConnection connection) : IMembershipStore
{
    /// <summary>The table as it is now.</summary>
    public static MembershipTableSnapshot TableOf(SimulatedStore store) =>
        store[Row].Content is MembershipTableSnapshot table
            ? table with { ReadAt = store.Now }
            : MembershipTableSnapshot.Of(0, store.Now, []);

    /// <summary>The name of its row.</summary>
    public const string Row = "membership";

    /// <inheritdoc/>
    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<MembershipTableSnapshot> Read(CancellationToken cancellation) =>
        connection.Run("read membership", TableOf);

    /// <inheritdoc/>
    public Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation) =>
        connection.Run($"change membership after {version}", store =>
        {
            var table = TableOf(store);
            if (table.Version != version) return false;
            store.Scheduler.Trace.Say("store", $"{change}");
            return store.TrySet(Row, null, MembershipRules.Apply(table, change));
        });

    /// <inheritdoc/>
    public Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation) =>
        connection.Run("beat", store =>
            MembershipRules.Beat(TableOf(store), silo, at) is { } beaten && store.TrySet(Row, null, beaten));
}
