using System.Data.Common;
using Aedile.Engine.Membership;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The table of a test's fleet: one database, which a silo can be cut from.</summary>
internal sealed class MemoryMembershipTable(TimeProvider clock)
{
    public MembershipTableSnapshot Current { get; private set; } = new(0, clock.GetUtcNow(), []);

    public IMembershipStore ConnectionOf(Func<bool> isCut) => new Connection(this, isCut);

    /// <summary>As after a restore of an older backup.</summary>
    public void GoBackTo(MembershipTableSnapshot older) => Current = older;

    private sealed class Connection(MemoryMembershipTable table, Func<bool> isCut) : IMembershipStore
    {
        public Task Prepare(CancellationToken cancellation) => Reach();

        public async Task<MembershipTableSnapshot> Read(CancellationToken cancellation)
        {
            await Reach();
            return table.Now();
        }

        public async Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation)
        {
            await Reach();
            if (table.Current.Version != version) return false;
            table.Current = MembershipRules.Apply(table.Now(), change);
            return true;
        }

        public async Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation)
        {
            await Reach();
            if (MembershipRules.Beat(table.Current, silo, at) is not { } beaten) return false;
            table.Current = beaten;
            return true;
        }

        private async Task Reach()
        {
            await Task.Yield();
            if (isCut()) throw new DatabaseIsAwayException();
        }
    }

    private MembershipTableSnapshot Now() => Current with { ReadAt = clock.GetUtcNow() };

    private sealed class DatabaseIsAwayException() : DbException("The test cut the database.");
}
