using System.Data.Common;
using System.IO.Compression;
using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>Snapshots in the silo's database, in parts of a MiB.</summary>
internal sealed class ModelSnapshots(SiloDatabase database, TimeProvider clock) : IModelSnapshots
{
    private const int PartBytes = 1024 * 1024;
    private const int Kept = 3;

    /// <inheritdoc/>
    public Task<long> NewestIndex(CancellationToken cancellation) => Use(async () => (await Newest()).Index);

    /// <inheritdoc/>
    public Task<ModelState?> ReadNewest(CancellationToken cancellation) => Use(async () =>
    {
        var newest = await Newest();
        if (newest.Timeline is null) return null;
        var parts = await database.Query(
            database.Sql("Model/list_model_snapshot_parts"), row => row.GetFieldValue<byte[]>(0),
            ("@timeline", newest.Timeline), ("@position", newest.Index));
        using var content = new MemoryStream([.. parts.SelectMany(part => part)], writable: false);
        await using var lines = new GZipStream(content, CompressionMode.Decompress);
        return await SnapshotText.Read(lines, cancellation);
    });

    /// <inheritdoc/>
    public Task<bool> Write(ModelState state, long kept, CancellationToken cancellation) => Use(async () =>
    {
        using var content = new MemoryStream();
        await using (var lines = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            await SnapshotText.Write(state, lines, cancellation);
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Insert(connection, state, content.Length, cancellation)) return false;
        await InsertParts(connection, state, content.GetBuffer().AsMemory(0, (int)content.Length), cancellation);
        await Execute(
            connection, "Model/delete_model_snapshots", cancellation, ("@timeline", state.Timeline), ("@kept", Kept));
        await Execute(connection, "Model/delete_model_entries", cancellation, ("@before", state.Index - kept));
        await transaction.CommitAsync(cancellation);
        return true;
    });

    private async Task<(string? Timeline, long Index)> Newest() => (await database.Query(
        database.Sql("Model/get_newest_model_snapshot"),
        row => ((string?)row.GetString(0), row.GetInt64(1)))).FirstOrDefault();

    private async Task InsertParts(
        DbConnection connection, ModelState state, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        for (var part = 0; part * PartBytes < bytes.Length; part++)
        {
            var piece = bytes[(part * PartBytes)..Math.Min(bytes.Length, (part + 1) * PartBytes)];
            await Execute(
                connection, "Model/insert_model_snapshot_part", cancellation, ("@timeline", state.Timeline),
                ("@position", state.Index), ("@part", (long)part), ("@content", piece.ToArray()));
        }
    }

    private async Task Execute(
        DbConnection connection, string statement, CancellationToken cancellation,
        params (string Name, object Value)[] parameters)
    {
        await using var command = connection.Prepare(database.Sql(statement), parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Use<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DbException error)
        {
            throw new JournalAwayException($"The database can't be used: {error.Message}", error);
        }
    }

    private async Task<bool> Insert(
        DbConnection connection, ModelState state, long bytes, CancellationToken cancellation)
    {
        await using var insert = connection.Prepare(
            database.Sql("Model/insert_model_snapshot"), ("@timeline", state.Timeline), ("@position", state.Index),
            ("@digest", state.Digest), ("@bytes", bytes), ("@createdAt", clock.GetUtcNow()));
        return await insert.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
