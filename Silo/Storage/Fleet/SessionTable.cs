using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>The sessions in the silo's database.</summary>
internal sealed class SessionTable(SiloDatabase database, TimeProvider clock) : ISessionTable
{
    /// <summary>How old the view of another silo's change may be.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

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

    // A silo's own row is not among them: its beat waits for nobody's session.
    private readonly SessionWrites _writes = new(database);

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
            (SessionRow? Row, bool HasWon) claim = default;
            await _writes.Write(
                async (connection, version, ct) => claim = await TryClaim(connection, version, node, next, ct),
                cancellation);
            if (claim.HasWon) return claim.Row;
        }
    }

    /// <inheritdoc/>
    public Task End(NodeName node, long epoch, CancellationToken cancellation) => _writes.Write(
        (connection, version, ct) => Execute(
            connection, _end, ct, ("@node", node.Value), ("@epoch", epoch), ("@endedAt", clock.GetUtcNow()),
            ("@version", version)), cancellation);

    /// <inheritdoc/>
    public Task NoteTold(NodeName node, long change, CancellationToken cancellation) => _writes.Write(
        (connection, version, ct) => Execute(
            connection, _noteTold, ct, ("@node", node.Value), ("@told", change), ("@version", version)), cancellation);

    /// <inheritdoc/>
    public Task Register(SiloRow silo, CancellationToken cancellation) => Execute(
        _insertSilo, cancellation, ("@run", Text(silo.Run)), ("@name", silo.Name), ("@engine", silo.Engine),
        ("@gateway", silo.Gateway.ToString()), ("@pid", silo.Pid), ("@version", silo.Version),
        ("@startedAt", silo.StartedAt.ToUniversalTime()));

    /// <inheritdoc/>
    public async Task<bool> Beat(Guid run, string engine, CancellationToken cancellation) =>
        await Execute(_beat, cancellation, ("@run", Text(run)), ("@engine", engine)) == 1;

    /// <inheritdoc/>
    public Task Stop(Guid run, CancellationToken cancellation) =>
        Execute(_stop, cancellation, ("@run", Text(run)), ("@stoppedAt", clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task Forget(Guid run, CancellationToken cancellation) =>
        Execute(_delete, cancellation, ("@run", Text(run)));

    /// <inheritdoc/>
    public Task WaitForChange(CancellationToken cancellation) => Task.Delay(PollInterval, clock, cancellation);

    private async Task<(SessionRow? Row, bool HasWon)> TryClaim(
        DbConnection connection, long version, NodeName node, Func<SessionRow?, SessionRow?> next,
        CancellationToken cancellation)
    {
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

    private async Task<int> Execute(
        string sql, CancellationToken cancellation, params (string, object)[] parameters)
    {
        await using var connection = await database.Open(cancellation);
        return await Execute(connection, sql, cancellation, parameters);
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
