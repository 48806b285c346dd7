using Aedile.Silo.Storage;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Storage;

public sealed class PostgresRepositoryRowsTests(PrivatePostgres postgres) : RepositoryRowsSuite
{
    private protected override async Task<SiloDatabase> Open() =>
        SiloDatabase.OnPostgres(await postgres.NewDatabase());
}
