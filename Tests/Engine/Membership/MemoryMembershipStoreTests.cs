using Aedile.Engine.Membership;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The suite on the table of a silo that is alone.</summary>
public sealed class MemoryMembershipStoreTests : MembershipStoreSuite
{
    private readonly Dictionary<string, MemoryMembershipStore> _fleets = [];

    private protected override Task<IMembershipStore> Open(string fleet)
    {
        if (!_fleets.TryGetValue(fleet, out var store))
            _fleets[fleet] = store = new MemoryMembershipStore(TimeProvider.System);
        return Task.FromResult<IMembershipStore>(store);
    }
}
