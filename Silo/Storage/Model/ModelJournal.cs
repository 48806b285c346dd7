using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>The journal in the silo's database. An append is one commit; with PostgreSQL one statement.</summary>
internal sealed class ModelJournal(SiloDatabase database) : IModelJournal
{
    private const int CommandLimitSeconds = 5;

    private readonly string _getHead = database.Sql("Model/get_model_head");
    private readonly string _claim = database.Sql("Model/claim_model_head");
    private readonly string _list = database.Sql("Model/list_model_entries");
    private readonly string _append = database.IsShared
        ? database.Sql("Model/append_model_entries") : database.Sql("Model/move_model_head");
    private readonly string? _insert = database.IsShared ? null : database.Sql("Model/insert_model_entry");

    /// <inheritdoc/>
    public Task<JournalHead> ReadHead(CancellationToken cancellation) => Use(async connection =>
    {
        await using var command = Prepare(connection, _getHead);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new JournalHead(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3));
    }, cancellation);

    /// <inheritdoc/>
    public Task<JournalHead?> TryClaim(JournalHead head, CancellationToken cancellation) => Use(async connection =>
    {
        await using var command = Prepare(connection, _claim, [.. Seen(head)]);
        return await command.ExecuteNonQueryAsync(cancellation) == 1 ? head with { Epoch = head.Epoch + 1 } : null;
    }, cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAppend(
        JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation) => Use(
        connection => _insert is null
            ? AppendAtOnce(connection, head, entries, cancellation)
            : AppendInTurn(connection, head, entries, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<ModelEntry>> Read(long after, int limit, CancellationToken cancellation)
    {
        var entries = await Use(async connection =>
        {
            await using var command = Prepare(connection, _list, ("@after", after), ("@limit", limit));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var read = ImmutableArray.CreateBuilder<ModelEntry>();
            while (await row.ReadAsync(cancellation))
                read.Add(new ModelEntry(row.GetInt64(0), row.GetString(1), row.GetString(2)));
            return read.ToImmutable();
        }, cancellation);
        if (!entries.IsEmpty && entries[0].Index != after + 1)
            throw new EntriesCompactedException($"The journal begins with entry {entries[0].Index}.")
            {
                Begins = entries[0].Index,
            };
        return entries;
    }

    private static (string, object)[] Seen(JournalHead head) =>
    [
        ("@timeline", head.Timeline), ("@epoch", head.Epoch), ("@position", head.Index), ("@digest", head.Digest),
    ];

    private async Task<bool> AppendAtOnce(
        DbConnection connection, JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation)
    {
        await using var command = Prepare(connection, _append,
        [
            .. Seen(head), ("@last", entries[^1].Index), ("@lastDigest", entries[^1].Digest),
            ("@positions", entries.Select(entry => entry.Index).ToArray()),
            ("@contents", entries.Select(entry => entry.Content).ToArray()),
            ("@digests", entries.Select(entry => entry.Digest).ToArray()),
        ]);
        return await command.ExecuteNonQueryAsync(cancellation) == entries.Length;
    }

    private async Task<bool> AppendInTurn(
        DbConnection connection, JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var move = Prepare(
            connection, _append, [.. Seen(head), ("@last", entries[^1].Index), ("@lastDigest", entries[^1].Digest)]);
        if (await move.ExecuteNonQueryAsync(cancellation) == 0) return false;
        foreach (var entry in entries)
        {
            await using var insert = Prepare(
                connection, _insert!, ("@position", entry.Index), ("@content", entry.Content),
                ("@digest", entry.Digest));
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static DbCommand Prepare(DbConnection connection, string sql, params (string, object)[] parameters)
    {
        var command = connection.Prepare(sql, parameters);
        command.CommandTimeout = CommandLimitSeconds;
        return command;
    }

    private async Task<T> Use<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Open(cancellation);
            return await work(connection);
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            throw new JournalAwayException($"The database can't be used: {error.Message}", error);
        }
    }
}
