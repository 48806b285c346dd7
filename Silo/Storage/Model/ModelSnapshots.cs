using System.Data.Common;
using System.IO.Compression;
using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>Snapshots in the silo's database, in parts of a MiB.</summary>
internal sealed class ModelSnapshots(SiloDatabase database, TimeProvider clock)
{
    private const int PartBytes = 1024 * 1024;
    private const int Kept = 3;

    /// <summary>Index of the newest snapshot of the present history; 0 when there is none.</summary>
    /// <exception cref="DbException">The database can't be used now.</exception>
    public async Task<long> NewestIndex() => (await database.Query(
        database.Sql("Model/get_newest_model_snapshot"), row => row.GetInt64(1))).FirstOrDefault();

    /// <summary>The newest state that a snapshot of the present history holds; null when there is none.</summary>
    /// <exception cref="DbException">The database can't be used now.</exception>
    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    public async Task<ModelState?> ReadNewest(CancellationToken cancellation)
    {
        var newest = await database.Query(
            database.Sql("Model/get_newest_model_snapshot"),
            row => (Timeline: row.GetString(0), Index: row.GetInt64(1)));
        if (newest.IsEmpty) return null;
        var parts = await database.Query(
            database.Sql("Model/list_model_snapshot_parts"), row => row.GetFieldValue<byte[]>(0),
            ("@timeline", newest[0].Timeline), ("@position", newest[0].Index));
        using var content = new MemoryStream([.. parts.SelectMany(part => part)], writable: false);
        await using var lines = new GZipStream(content, CompressionMode.Decompress);
        return await SnapshotText.Read(lines, cancellation);
    }

    /// <summary>Writes a snapshot, unless another silo has, and forgets entries that are kept long enough.</summary>
    /// <param name="state">What it holds.</param>
    /// <param name="kept">How many entries before it stay, for those who watch changes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether this call has written it.</returns>
    /// <exception cref="DbException">The database can't be used now.</exception>
    public async Task<bool> Write(ModelState state, long kept, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await using (var lines = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            await SnapshotText.Write(state, lines, cancellation);
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Insert(connection, state, content.Length, cancellation)) return false;
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        for (var part = 0; part * PartBytes < bytes.Length; part++)
        {
            var piece = bytes[(part * PartBytes)..Math.Min(bytes.Length, (part + 1) * PartBytes)];
            await using var insert = connection.Prepare(
                database.Sql("Model/insert_model_snapshot_part"), ("@timeline", state.Timeline),
                ("@position", state.Index), ("@part", (long)part), ("@content", piece.ToArray()));
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await using var oldSnapshots = connection.Prepare(
            database.Sql("Model/delete_model_snapshots"), ("@timeline", state.Timeline), ("@kept", Kept));
        await oldSnapshots.ExecuteNonQueryAsync(cancellation);
        await using var oldEntries = connection.Prepare(
            database.Sql("Model/delete_model_entries"), ("@before", state.Index - kept));
        await oldEntries.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
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
