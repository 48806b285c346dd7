using Aedile.Engine.Membership;
using Aedile.Engine.Storage;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The suite on a real server.</summary>
public sealed class PostgresMembershipStoreTests(PrivatePostgres postgres) : MembershipStoreSuite, IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync() =>
        _database = NpgsqlDataSource.Create(await postgres.NewDatabase());

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private protected override async Task<IMembershipStore> Open(string fleet)
    {
        var store = new AdoNetMembershipStore(_database, DatabaseDialect.Of("Npgsql"), fleet);
        await store.Prepare(CancellationToken.None);
        return store;
    }
}
