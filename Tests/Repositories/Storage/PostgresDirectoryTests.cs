using Aedile.Silo.Storage;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Storage;

public sealed class PostgresDirectoryTests(PrivatePostgres postgres) : RepositoryDirectorySuite
{
    private protected override async Task<SiloDatabase> Open() =>
        SiloDatabase.OnPostgres(await postgres.NewDatabase());
}
