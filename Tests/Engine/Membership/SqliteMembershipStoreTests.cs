using Aedile.Engine.Membership;
using Aedile.Engine.Storage;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The suite on a real file.</summary>
public sealed class SqliteMembershipStoreTests : MembershipStoreSuite, IDisposable
{
    private readonly TestFolder _folder = new("membership");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_database_that_can_not_be_opened_is_a_clear_error()
    {
        var source = SqliteFactory.Instance.CreateDataSource("Data Source=/nonexistent/fleet.db");
        await using var store = new AdoNetMembershipStore(source, DatabaseDialect.Of("Microsoft.Data.Sqlite"), "a");
        var error = await Assert.ThrowsAsync<OrleansException>(() => store.Prepare(CancellationToken.None));
        Assert.Contains("fleet 'a'", error.Message, StringComparison.Ordinal);
    }

    private protected override async Task<IMembershipStore> Open(string fleet)
    {
        var source = SqliteFactory.Instance.CreateDataSource($"Data Source={_folder["fleet.db"]}");
        var store = new AdoNetMembershipStore(source, DatabaseDialect.Of("Microsoft.Data.Sqlite"), fleet);
        await store.Prepare(CancellationToken.None);
        return store;
    }
}
