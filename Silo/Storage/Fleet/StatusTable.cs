using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>The nodes' own words in the silo's database.</summary>
internal sealed class StatusTable(SiloDatabase database) : IStatusTable
{
    private readonly string _advance = database.Sql("Fleet/advance_fleet_version");
    private readonly string _getVersion = database.Sql("Fleet/get_fleet_version");
    private readonly string _write = database.Sql("Fleet/write_node_status");
    private readonly string _listChanged = database.Sql("Fleet/list_changed_node_status");

    /// <inheritdoc/>
    public async Task Write(ImmutableArray<StatusRow> rows, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The number first: it holds up claims of sessions, so that none comes between the look and the write.
        var version = await Query(connection, _advance, cancellation, ("@count", 1));
        foreach (var row in rows)
        {
            await using var command = connection.Prepare(
                _write, ("@node", row.Node.Value), ("@epoch", row.Epoch), ("@bootId", row.BootId.ToString("N")),
                ("@sequence", row.Sequence), ("@content", row.Content), ("@reportedAt", row.At.ToUniversalTime()),
                ("@version", version));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task<(long Version, ImmutableArray<StatusRow> Rows)> Read(
        long after, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // The version first: what is written meanwhile may be read twice, but nothing is missed.
        var version = await Query(connection, _getVersion, cancellation);
        if (version == after) return (version, []);
        await using var command = connection.Prepare(_listChanged, ("@after", after));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = ImmutableArray.CreateBuilder<StatusRow>();
        while (await reader.ReadAsync(cancellation)) rows.Add(ReadRow(reader));
        return (version, rows.ToImmutable());
    }

    private static StatusRow ReadRow(DbDataReader row) => new(
        NodeName.Parse(row.GetString(0)), row.GetInt64(1), Guid.Parse(row.GetString(2)), row.GetInt64(3),
        row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));

    private static async Task<long> Query(
        DbConnection connection, string sql, CancellationToken cancellation, params (string, object)[] parameters)
    {
        await using var command = connection.Prepare(sql, parameters);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
