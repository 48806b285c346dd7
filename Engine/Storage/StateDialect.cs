using System.Data.Common;

namespace Aedile.Engine.Storage;

/// <summary>What differs between the databases that can hold grain state.</summary>
internal abstract class StateDialect
{
    /// <summary>Part of the names of SQL files that are for this database only.</summary>
    public abstract string Name { get; }

    /// <exception cref="NotSupportedException">The engine does not know the provider's SQL.</exception>
    public static StateDialect Of(string invariant) => invariant switch
    {
        "Microsoft.Data.Sqlite" => new SqliteDialect(),
        _ => throw new NotSupportedException(
            $"Grain state can't be kept with '{invariant}'. Supported: Microsoft.Data.Sqlite."),
    };

    /// <summary>Readies a connection that writes.</summary>
    public abstract Task PrepareWriter(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Creates what is missing, while no other silo can do the same.</summary>
    public abstract Task CreateSchema(DbConnection connection, CancellationToken cancellationToken);

    protected static async Task Execute(
        DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
