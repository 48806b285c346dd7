using System.Data.Common;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>
/// What differs between the databases that the engine knows. The one place that maps a provider to its SQL: whoever
/// keeps something in the database asks <see cref="Of"/>, and reads its statements with <see cref="SqlText"/>.
/// </summary>
internal abstract class DatabaseDialect
{
    /// <summary>Part of the names of SQL files that are for this database only.</summary>
    public abstract string Name { get; }

    /// <summary>How many connections write grain state at once; the writes of one row share a connection.</summary>
    public abstract int WriteLanes { get; }

    /// <param name="invariant">Name under which ADO.NET finds the provider.</param>
    /// <exception cref="NotSupportedException">The engine does not know the provider's SQL.</exception>
    public static DatabaseDialect Of(string invariant) => invariant switch
    {
        "Microsoft.Data.Sqlite" => new SqliteDialect(),
        "Npgsql" => new PostgresDialect(),
        _ => throw new NotSupportedException(
            $"The engine can't work with '{invariant}'. Supported: Microsoft.Data.Sqlite, Npgsql."),
    };

    /// <summary>Readies a connection whose commits must be on disk when they return.</summary>
    public async Task PrepareWriter(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = SqlText.Of("Storage", "prepare_writer", Name);

        // What waits to be written waits for this: no longer than for the writing itself.
        command.CommandTimeout = StateSession.AnswerSecondsMax;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Runs statements that create what is missing, in one transaction, while no other process runs any. Idempotent if
    /// the statements are.
    /// </summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="part">Folder of the engine that has the statements in its <c>Sql</c>.</param>
    /// <param name="statements">Their file names without endings, in order.</param>
    /// <param name="cancellationToken">Gives up; then nothing was created.</param>
    /// <exception cref="OrleansException">A newer program made the tables; nothing was changed.</exception>
    public async Task CreateSchema(
        DbConnection connection, string part, IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginSchemaChange(connection, cancellationToken);
        await RefuseNewer(connection, transaction, cancellationToken);
        foreach (var statement in statements)
            await Execute(connection, transaction, SqlText.Of(part, statement, Name), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Which row holds a grain's state.</summary>
    /// <exception cref="ArgumentException">Two keys would share a row of this database.</exception>
    public abstract StateRow RowOf(string service, string state, GrainId grain);

    /// <summary>Reads and writes grain state through a connection, which it owns from now on.</summary>
    public abstract StateSession Use(DbConnection connection);

    /// <summary>Begins a transaction that waits until no other process is inside of one.</summary>
    protected abstract ValueTask<DbTransaction> BeginSchemaChange(
        DbConnection connection, CancellationToken cancellationToken);

    protected static async Task Execute(
        DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RefuseNewer(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await Run("create_engine_schema");
        await using (var command = connection.CreateCommand())
        {
            command.Transaction = transaction;
            command.CommandText = SqlText.Of("Storage", "find_newer_engine_schema", Name);
            await using var newer = await command.ExecuteReaderAsync(cancellationToken);
            if (await newer.ReadAsync(cancellationToken))
            {
                throw new OrleansException(
                    $"The engine's tables have schema {newer.GetInt32(0)}; this program knows schemas up to "
                    + $"{newer.GetInt32(1)}. Use the program that wrote them, or a newer one.");
            }
        }

        await Run("note_engine_schema");

        Task Run(string statement) =>
            Execute(connection, transaction, SqlText.Of("Storage", statement, Name), cancellationToken);
    }
}
