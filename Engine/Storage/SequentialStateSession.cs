using System.Data.Common;

namespace Aedile.Engine.Storage;

/// <summary>Runs one statement after the other: right for a database inside of the process.</summary>
internal sealed class SequentialStateSession(DbConnection connection, DatabaseDialect dialect)
    : StateSession(connection, dialect)
{
    public override async Task<WriteResult[]> Write(IReadOnlyList<StateWrite> batch, DateTimeOffset now)
    {
        var results = new WriteResult[batch.Count];
        await using var transaction = await Connection.BeginTransactionAsync();
        for (var i = 0; i < results.Length; i++) results[i] = await Apply(batch[i], transaction, now);
        try
        {
            await transaction.CommitAsync();
        }
        catch (DbException error)
        {
            throw new CommitLostException(error);
        }

        return results;
    }

    private async Task<WriteResult> Apply(StateWrite write, DbTransaction transaction, DateTimeOffset now)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = SqlOf(write);
        command.Transaction = transaction;
        AddParameters(write, now, StateParameters.Of(command));
        if (await command.ExecuteNonQueryAsync() == 1)
            return new WriteResult(true, write.Deletes ? null : (write.Expected ?? 0) + 1);
        return new WriteResult(false, (await Read(write.Row, transaction)).Version);
    }
}
