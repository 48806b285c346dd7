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

    [Fact(Timeout = 60_000)]
    public async Task A_silo_that_is_lost_in_the_middle_of_a_change_keeps_nobody_from_theirs()
    {
        var store = await Open("lost");
        var dialect = DatabaseDialect.Of("Npgsql");
        await using var lost = await _database.OpenConnectionAsync();
        await dialect.PrepareWriter(lost, CancellationToken.None);
        await using var change = await lost.BeginTransactionAsync();
        await using var raise = lost.CreateCommand();
        raise.CommandText = SqlText.Of("Membership", "raise_membership_version", dialect.Name);
        raise.Parameters.AddWithValue("@fleet", "lost");
        raise.Parameters.AddWithValue("@version", 0);
        Assert.Equal(1, await raise.ExecuteNonQueryAsync());

        // Nothing comes from there any more, and nobody ends the connection.
        await Eventually.True("another silo changes the table", TimeSpan.FromSeconds(12),
            () => store.TryChange(0, new TableChange.Remove([]), CancellationToken.None));
    }

    private protected override async Task<IMembershipStore> Open(string fleet)
    {
        var store = new AdoNetMembershipStore(_database, DatabaseDialect.Of("Npgsql"), fleet);
        await store.Prepare(CancellationToken.None);
        return store;
    }
}
