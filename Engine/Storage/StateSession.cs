using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Aedile.Engine.Storage;

/// <summary>Reads and writes grain state through one connection. Not for two users at once.</summary>
internal abstract class StateSession(DbConnection connection, DatabaseDialect dialect) : IAsyncDisposable
{
    /// <summary>Longest time that the database may take for one answer.</summary>
    public const int AnswerSecondsMax = 10;

    private readonly string _insert = SqlText.Of("Storage", "insert_state", dialect.Name);
    private readonly string _update = SqlText.Of("Storage", "update_state", dialect.Name);
    private readonly string _delete = SqlText.Of("Storage", "delete_state", dialect.Name);
    private readonly string _read = SqlText.Of("Storage", "read_state", dialect.Name);

    protected DbConnection Connection => connection;

    /// <summary>
    /// Whether the database itself reported the error, so that it has undone the transaction and goes on. Without a
    /// code nobody knows how far it came; in these classes (connection, operator, system, internal) the report may be
    /// about the connection, and come late.
    /// </summary>
    public static bool IsRefusal(DbException error) =>
        error.SqlState is { Length: 5 } state && state[..2] is not ("08" or "57" or "58" or "XX");

    public async Task<StoredState> Read(StateRow row, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _read;
        command.CommandTimeout = AnswerSecondsMax;
        command.Transaction = transaction;
        row.AddTo(StateParameters.Of(command));
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync()) return default;
        return new StoredState(
            await reader.IsDBNullAsync(0) ? null : reader.GetFieldValue<byte[]>(0), reader.GetInt64(1));
    }

    /// <summary>Applies writes in order, in one transaction; it is durable on return.</summary>
    /// <returns>For each write, whether the expected version was there.</returns>
    /// <exception cref="CommitLostException">The commit was sent, its outcome is unknown; the session is
    /// over.</exception>
    /// <exception cref="DbException">Nothing changed. After a refusal the session goes on.</exception>
    public abstract Task<WriteResult[]> Write(IReadOnlyList<StateWrite> batch, DateTimeOffset now);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    protected string SqlOf(StateWrite write) => write switch
    {
        { Expected: null } => _insert,
        { Deletes: true } => _delete,
        _ => _update,
    };

    protected static void AddParameters(StateWrite write, DateTimeOffset now, StateParameters parameters)
    {
        write.Row.AddTo(parameters);
        if (write.Expected is { } expected) parameters.Add("@version", DbType.Int64, expected);
        if (write.Deletes && write.Expected is not null) return;
        parameters.Add("@payload", DbType.Binary, write.Payload);
        parameters.Add(
            "@modified", DbType.String, now.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
    }
}

/// <summary>A row of state as it is stored.</summary>
/// <param name="Payload">Null when it was cleared, or there is no row.</param>
/// <param name="Version">Null when there is no row.</param>
internal readonly record struct StoredState(byte[]? Payload, long? Version);
