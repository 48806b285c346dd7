using System.Data.Common;

namespace Aedile.Engine.Storage;

/// <summary>
/// Sends all statements at once, as one implicit transaction: a commit of any number of rows costs one round trip and
/// one flush of the database's disk.
/// </summary>
internal sealed class PipelinedStateSession(DbConnection connection, DatabaseDialect dialect)
    : StateSession(connection, dialect)
{
    public override async Task<WriteResult[]> Write(IReadOnlyList<StateWrite> batch, DateTimeOffset now)
    {
        await using var commands = CommandsOf(batch, now);
        await commands.PrepareAsync();
        var results = await Send(commands);
        await AddWinners(batch, results);
        return results;
    }

    private DbBatch CommandsOf(IReadOnlyList<StateWrite> writes, DateTimeOffset now)
    {
        var batch = Connection.CreateBatch();
        batch.Timeout = AnswerSecondsMax;
        foreach (var write in writes)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = SqlOf(write);
            AddParameters(write, now, StateParameters.Of(command));
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static async Task<WriteResult[]> Send(DbBatch batch)
    {
        try
        {
            var results = new WriteResult[batch.BatchCommands.Count];
            await using var reader = await batch.ExecuteReaderAsync();
            for (var i = 0; i < results.Length; i++)
            {
                if (await reader.ReadAsync())
                    results[i] = new WriteResult(true, await reader.IsDBNullAsync(0) ? null : reader.GetInt64(0));
                await reader.NextResultAsync();
            }

            return results;
        }
        catch (Exception error) when (error is not DbException refusal || !IsRefusal(refusal))
        {
            throw new CommitLostException(error);
        }
    }

    // Which version won is only for the loser's error. The commit is done: a failure here must not hide its results.
    private async Task AddWinners(IReadOnlyList<StateWrite> batch, WriteResult[] results)
    {
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].IsStored) continue;
            try
            {
                results[i] = new WriteResult(false, (await Read(batch[i].Row)).Version);
            }
            catch (Exception error) when (error is DbException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
