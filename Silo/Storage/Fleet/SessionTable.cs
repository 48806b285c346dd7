using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>The sessions in the silo's database. Writes of one silo wait in line.</summary>
internal sealed class SessionTable(SiloDatabase database, TimeProvider clock) : ISessionTable, IDisposable
{
    /// <summary>How old the view of another silo's change may be.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly string _advance = Sql(database, "advance_fleet_version");
    private readonly string _getVersion = Sql(database, "get_fleet_version");
    private readonly string _get = Sql(database, "get_session");
    private readonly string _listChanged = Sql(database, "list_changed_sessions");
    private readonly string _claim = Sql(database, "claim_session");
    private readonly string _end = Sql(database, "end_session");
    private readonly string _noteTold = Sql(database, "note_session_told");
    private readonly string _listSilos = Sql(database, "list_silos");
    private readonly string _insertSilo = Sql(database, "insert_silo");
    private readonly string _beat = Sql(database, "beat_silo");
    private readonly string _stop = Sql(database, "stop_silo");
    private readonly string _delete = Sql(database, "delete_silo");

    // A thousand agents that come at once shall not take a thousand connections, or block a thousand threads: SQLite
    // has no asynchronous I/O, and one writer anyway.
    private readonly SemaphoreSlim _writer = new(1);

    /// <inheritdoc/>
    public async Task<FleetRows> Read(long after, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // The version first: what is written meanwhile may be read twice, but nothing is missed.
        var version = await QueryVersion(connection, _getVersion, cancellation);
        var sessions = await Query(connection, _listChanged, ReadSession, cancellation, ("@after", after));
        var silos = await Query(connection, _listSilos, ReadSilo, cancellation);
        return new FleetRows(version, sessions, silos);
    }

    /// <inheritdoc/>
    public async Task<SessionRow?> Claim(
        NodeName node, Func<SessionRow?, SessionRow?> next, CancellationToken cancellation)
    {
        while (true)
        {
            var (row, hasWon) = await Write(connection => TryClaim(connection, node, next, cancellation), cancellation);
            if (hasWon) return row;
        }
    }

    /// <inheritdoc/>
    public Task End(NodeName node, long epoch, CancellationToken cancellation) => Write(
        async connection => await Execute(
            connection, _end, cancellation, ("@node", node.Value), ("@epoch", epoch), ("@endedAt", clock.GetUtcNow()),
            ("@version", await QueryVersion(connection, _advance, cancellation))), cancellation);

    /// <inheritdoc/>
    public Task NoteTold(NodeName node, long change, CancellationToken cancellation) => Write(
        async connection => await Execute(
            connection, _noteTold, cancellation, ("@node", node.Value), ("@told", change),
            ("@version", await QueryVersion(connection, _advance, cancellation))), cancellation);

    /// <inheritdoc/>
    public Task Register(SiloRow silo, CancellationToken cancellation) => Write(
        connection => Execute(
            connection, _insertSilo, cancellation, ("@run", Text(silo.Run)), ("@name", silo.Name),
            ("@engine", silo.Engine), ("@gateway", silo.Gateway.ToString()), ("@pid", silo.Pid),
            ("@version", silo.Version), ("@startedAt", silo.StartedAt.ToUniversalTime())), cancellation);

    /// <inheritdoc/>
    public Task<bool> Beat(Guid run, string engine, CancellationToken cancellation) => Write(
        async connection =>
            await Execute(connection, _beat, cancellation, ("@run", Text(run)), ("@engine", engine)) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task Stop(Guid run, CancellationToken cancellation) => Write(
        connection => Execute(
            connection, _stop, cancellation, ("@run", Text(run)), ("@stoppedAt", clock.GetUtcNow())), cancellation);

    /// <inheritdoc/>
    public Task Forget(Guid run, CancellationToken cancellation) => Write(
        connection => Execute(connection, _delete, cancellation, ("@run", Text(run))), cancellation);

    /// <inheritdoc/>
    public Task WaitForChange(CancellationToken cancellation) => Task.Delay(PollInterval, clock, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private async Task<(SessionRow? Row, bool HasWon)> TryClaim(
        DbConnection connection, NodeName node, Func<SessionRow?, SessionRow?> next, CancellationToken cancellation)
    {
        // The number first: it holds other writers up, so that the row read next is the newest.
        var version = await QueryVersion(connection, _advance, cancellation);
        var before = (await Query(connection, _get, ReadSession, cancellation, ("@node", node.Value))).FirstOrDefault();
        if (next(before) is not { } claim) return (null, true);
        var (row, agent) = (claim with { Version = version }, claim.Agent);
        var written = await Execute(
            connection, _claim, cancellation, ("@node", node.Value), ("@epoch", row.Epoch), ("@run", Text(row.Run)),
            ("@bootId", Text(agent.BootId)), ("@attempt", agent.Attempt), ("@endpoint", agent.Endpoint.ToString()),
            ("@roles", string.Join(',', agent.Roles)), ("@pid", agent.Pid), ("@agentVersion", agent.Version),
            ("@beganAt", row.BeganAt.ToUniversalTime()), ("@change", row.Change), ("@told", row.Told),
            ("@version", version), ("@expectedEpoch", before?.Epoch ?? 0));
        return (row, written == 1);
    }

    private async Task<T> Write<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        try
        {
            await using var connection = await database.Open(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var result = await change(connection);
            await transaction.CommitAsync(cancellation);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    private static async Task<int> Execute(
        DbConnection connection, string sql, CancellationToken cancellation, params (string, object)[] parameters)
    {
        await using var command = connection.Prepare(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> QueryVersion(
        DbConnection connection, string sql, CancellationToken cancellation) =>
        (await Query(connection, sql, row => row.GetInt64(0), cancellation)).Single();

    private static async Task<ImmutableArray<T>> Query<T>(
        DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellation,
        params (string, object)[] parameters)
    {
        await using var command = connection.Prepare(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
        return rows.ToImmutable();
    }

    private static SessionRow ReadSession(DbDataReader row) => new(
        NodeName.Parse(row.GetString(0)), row.GetInt64(1), Guid.Parse(row.GetString(2)),
        new AgentIdentity(
            Guid.Parse(row.GetString(3)), row.GetInt64(4), new Uri(row.GetString(5)),
            [.. row.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries)], (int)row.GetInt64(7),
            row.GetString(8)),
        ReadTime(row, 9), row.IsDBNull(10) ? null : ReadTime(row, 10), row.GetInt64(11), row.GetInt64(12),
        row.GetInt64(13));

    private static SiloRow ReadSilo(DbDataReader row) => new(
        Guid.Parse(row.GetString(0)), row.GetString(1), row.GetString(2), new Uri(row.GetString(3)),
        (int)row.GetInt64(4), row.GetString(5), ReadTime(row, 6), row.GetInt64(7),
        row.IsDBNull(8) ? null : ReadTime(row, 8));

    private static DateTimeOffset ReadTime(DbDataReader row, int column) =>
        row.GetFieldValue<DateTimeOffset>(column);

    private static string Text(Guid id) => id.ToString("N");

    private static string Sql(SiloDatabase database, string name) => database.Sql("Fleet/" + name);
}
