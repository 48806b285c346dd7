using System.Data.Common;

namespace Aedile.Engine.Storage;

/// <summary>SQLite: one writer at a time, so that starting a transaction is the lock.</summary>
internal sealed class SqliteDialect : StateDialect
{
    public override string Name => "sqlite";

    public override Task PrepareWriter(DbConnection connection, CancellationToken cancellationToken) =>
        Execute(connection, null, SqlText.Of("prepare_writer", Name), cancellationToken);

    public override async Task CreateSchema(DbConnection connection, CancellationToken cancellationToken)
    {
        // The provider begins transactions as IMMEDIATE: a second silo waits here until the first has committed.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var name in new[] { "create_storage_table", "create_storage_index" })
            await Execute(connection, transaction, SqlText.Of(name, Name), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
