using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The membership table of a silo that is its whole fleet. It ends with the process.</summary>
internal sealed class MemoryMembershipStore(TimeProvider clock) : IMembershipStore
{
    private readonly Lock _lock = new();
    private MembershipTableSnapshot _table = new(0, clock.GetUtcNow(), []);

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public Task<MembershipTableSnapshot> Read(CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(Now());
    }

    public Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_table.Version != version) return Task.FromResult(false);
            _table = MembershipRules.Apply(Now(), change);
            return Task.FromResult(true);
        }
    }

    public Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (MembershipRules.Beat(_table, silo, at) is not { } beaten) return Task.FromResult(false);
            _table = beaten;
            return Task.FromResult(true);
        }
    }

    private MembershipTableSnapshot Now() => _table with { ReadAt = clock.GetUtcNow() };
}
