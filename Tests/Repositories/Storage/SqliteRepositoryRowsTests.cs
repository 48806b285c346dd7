using Aedile.Silo.Storage;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Aedile.Tests.Repositories.Storage;

public sealed class SqliteRepositoryRowsTests : RepositoryRowsSuite
{
    private readonly TestFolder _folder = new("directory");

    private protected override Task<SiloDatabase> Open() => Task.FromResult(SiloDatabase.InFile(_folder["silo.db"]));

    protected override ValueTask Clean()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
