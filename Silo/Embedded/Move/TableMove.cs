using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Embedded.Move;

/// <summary>A table that is copied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">The statement that gives its rows.</param>
/// <param name="Write">The statement that takes one, by the names of its columns.</param>
internal sealed record MovedTable(string Name, string Read, string Write);

/// <summary>Copies the tables of a single silo into an empty PostgreSQL, in one transaction.</summary>
internal sealed class TableMove(SiloDatabase from, SiloDatabase to)
{
    private const int RowsAtOnce = 500;
    private const int BytesAtOnce = 4 * 1024 * 1024;

    /// <summary>What is copied; parents before children.</summary>
    public static readonly ImmutableArray<MovedTable> Copied =
    [
        new("repository", "Move/read_repository", "Move/write_repository"),
        new("repository_node", "Move/read_repository_node", "Move/write_repository_node"),
        new("repository_request", "Move/read_repository_request", "Move/write_repository_request"),
        new("model_head", "Move/read_model_head", "Move/write_model_head"),
        new("model_entry", "Move/read_model_entry", "Move/write_model_entry"),
        new("model_snapshot", "Move/read_model_snapshot", "Move/write_model_snapshot"),
        new("model_snapshot_part", "Move/read_model_snapshot_part", "Move/write_model_snapshot_part"),
    ];

    /// <summary>
    /// What is not: presence, which is made anew (agents tell the epochs that they have seen), the membership of one
    /// silo, what the schema is, and grains' state, which the engine writes itself.
    /// </summary>
    public static readonly ImmutableArray<string> Left =
    [
        "fleet_silo", "fleet_version", "agent_session", "node_status", "schema_migration", "AedileEngineSchema",
        "OrleansStorage", "OrleansMembershipTable", "OrleansMembershipVersionTable", "OrleansRemindersTable",
    ];

    /// <summary>Copies all of it.</summary>
    /// <returns>How many rows.</returns>
    /// <exception cref="StartupException">There is a table that this program doesn't know how to move.</exception>
    public async Task<long> Run(CancellationToken cancellation)
    {
        var there = await from.Query(from.Sql("Move/list_tables"), row => row.GetString(0));
        if (there.Except(Copied.Select(table => table.Name)).Except(Left).FirstOrDefault() is { } unknown)
            throw new StartupException($"The database has a table '{unknown}' that this program can't move.");
        await using var target = await to.Open(cancellation);
        await using var transaction = await target.BeginTransactionAsync(cancellation);
        await using var source = await from.Open(cancellation);
        var rows = 0L;
        foreach (var table in Copied.Where(table => there.Contains(table.Name)))
            rows += await Copy(source, target, table, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows;
    }

    private async Task<long> Copy(
        DbConnection source, DbConnection target, MovedTable table, CancellationToken cancellation)
    {
        var sql = to.Sql(table.Write);
        await using var all = source.Prepare(from.Sql(table.Read));
        await using var row = await all.ExecuteReaderAsync(cancellation);
        var (rows, bytes) = (0L, 0L);
        var batch = target.CreateBatch();
        try
        {
            while (await row.ReadAsync(cancellation))
            {
                bytes += Add(batch, sql, row);
                rows++;
                if (batch.BatchCommands.Count < RowsAtOnce && bytes < BytesAtOnce) continue;
                await batch.ExecuteNonQueryAsync(cancellation);
                batch.BatchCommands.Clear();
                bytes = 0;
            }

            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellation);
            return rows;
        }
        finally
        {
            await batch.DisposeAsync();
        }
    }

    private static long Add(DbBatch batch, string sql, DbDataReader row)
    {
        var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // The text is a file of this program, never made of input.
        command.CommandText = sql;
#pragma warning restore CA2100
        var bytes = 0L;
        for (var column = 0; column < row.FieldCount; column++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@" + row.GetName(column), row.GetValue(column));
            command.Parameters.Add(parameter);
            bytes += parameter.Value switch { string text => text.Length, byte[] content => content.Length, _ => 8 };
        }

        batch.BatchCommands.Add(command);
        return bytes;
    }
}
