using System.Data.Common;
using System.Globalization;

namespace Aedile.Engine.Storage;

/// <summary>The statements of grain state on one connection. Not for two users at once.</summary>
internal sealed class StateCommands(DbConnection connection, StateDialect dialect) : IAsyncDisposable
{
    private readonly string _insert = SqlText.Of("insert_state", dialect.Name);
    private readonly string _update = SqlText.Of("update_state", dialect.Name);
    private readonly string _delete = SqlText.Of("delete_state", dialect.Name);
    private readonly string _read = SqlText.Of("read_state", dialect.Name);

    public ValueTask<DbTransaction> Begin() => connection.BeginTransactionAsync();

    /// <summary>Applies one compare-and-set inside a transaction.</summary>
    public async Task<WriteResult> Apply(StateWrite write, DbTransaction transaction, DateTimeOffset now)
    {
        await using var command = Command(write switch
        {
            { Expected: null } => _insert,
            { Deletes: true } => _delete,
            _ => _update,
        }, write.Row, transaction);
        if (write.Expected is { } expected) StateRow.Add(command, "@version", expected);
        if (!write.Deletes || write.Expected is null)
        {
            StateRow.Add(command, "@payload", write.Payload);
            StateRow.Add(command, "@modified", now.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        }

        if (await command.ExecuteNonQueryAsync() == 1)
            return new WriteResult(true, write.Deletes ? null : (write.Expected ?? 0) + 1);
        return new WriteResult(false, (await Read(write.Row, transaction)).Version);
    }

    public async Task<StoredState> Read(StateRow row, DbTransaction? transaction)
    {
        await using var command = Command(_read, row, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync()) return default;
        return new StoredState(
            await reader.IsDBNullAsync(0) ? null : reader.GetFieldValue<byte[]>(0), reader.GetInt64(1));
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private DbCommand Command(string sql, StateRow row, DbTransaction? transaction)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        row.AddTo(command);
        return command;
    }
}

/// <summary>A row of state as it is stored.</summary>
/// <param name="Payload">Null when it was cleared, or there is no row.</param>
/// <param name="Version">Null when there is no row.</param>
internal readonly record struct StoredState(byte[]? Payload, long? Version);
