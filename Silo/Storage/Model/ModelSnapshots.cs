using System.Data.Common;
using System.IO.Compression;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>Snapshots in the silo's database, in parts of a MiB.</summary>
internal sealed class ModelSnapshots(SiloDatabase database, TimeProvider clock) : IModelSnapshots, IModelHistory
{
    private const int PartBytes = 1024 * 1024;
    private const int Kept = 3;

    // A million entries may go at once.
    private const int CommandLimitSeconds = 120;

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
        using var content = await Pack(state, cancellation);
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Insert(connection, state, content, cancellation)) return false;
        await Execute(
            connection, "Model/delete_model_snapshots", cancellation, ("@timeline", state.Timeline), ("@kept", Kept));
        await Execute(connection, "Model/delete_model_entries", cancellation, ("@before", state.Index - kept));
        await transaction.CommitAsync(cancellation);
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> TryReplace(
        JournalHead seen, ModelState start, ModelEntry first, CancellationToken cancellation) => Use(async () =>
    {
        using var content = await Pack(start, cancellation);
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var move = connection.Prepare(
            database.Sql("Model/replace_model_head"), ("@timeline", seen.Timeline), ("@epoch", seen.Epoch),
            ("@position", seen.Index), ("@digest", seen.Digest), ("@newTimeline", start.Timeline),
            ("@newPosition", first.Index), ("@newDigest", first.Digest));
        if (await move.ExecuteNonQueryAsync(cancellation) == 0) return false;
        await Execute(connection, "Model/delete_model_entries", cancellation, ("@before", long.MaxValue));
        await Execute(
            connection, "Model/delete_other_model_snapshots", cancellation, ("@timeline", start.Timeline));
        await Insert(connection, start, content, cancellation);
        await Execute(
            connection, "Model/insert_model_entry", cancellation, ("@position", first.Index),
            ("@content", first.Content), ("@digest", first.Digest));
        await transaction.CommitAsync(cancellation);
        return true;
    });

    private static async Task<MemoryStream> Pack(ModelState state, CancellationToken cancellation)
    {
        var content = new MemoryStream();
        await using (var lines = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            await SnapshotText.Write(state, lines, cancellation);
        return content;
    }

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
        command.CommandTimeout = CommandLimitSeconds;
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
        DbConnection connection, ModelState state, MemoryStream content, CancellationToken cancellation)
    {
        await using var insert = connection.Prepare(
            database.Sql("Model/insert_model_snapshot"), ("@timeline", state.Timeline), ("@position", state.Index),
            ("@digest", state.Digest), ("@bytes", content.Length), ("@createdAt", clock.GetUtcNow()));
        if (await insert.ExecuteNonQueryAsync(cancellation) != 1) return false;
        await InsertParts(connection, state, content.GetBuffer().AsMemory(0, (int)content.Length), cancellation);
        return true;
    }
}
