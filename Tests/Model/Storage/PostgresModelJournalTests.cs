using Aedile.Silo.Storage;
using Aedile.Tests.Support;

namespace Aedile.Tests.Model.Storage;

public sealed class PostgresModelJournalTests(PrivatePostgres postgres) : ModelJournalSuite
{
    private protected override async Task<SiloDatabase> NewDatabase() =>
        SiloDatabase.OnPostgres(await postgres.NewDatabase());
}
