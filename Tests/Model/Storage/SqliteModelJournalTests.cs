using Aedile.Silo.Storage;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Aedile.Tests.Model.Storage;

public sealed class SqliteModelJournalTests : ModelJournalSuite, IDisposable
{
    private readonly TestFolder _folder = new("journal");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override Task<SiloDatabase> NewDatabase() =>
        Task.FromResult(SiloDatabase.InFile(_folder["silo.db"]));
}
