using System.Collections.Immutable;
using System.Globalization;
using Aedile.Client.Fleet;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>The sessions in SQLite. Calls block for the length of one commit; writes of this silo wait in line.</summary>
internal sealed class SessionTable(SiloDatabase database, TimeProvider clock) : ISessionTable, IDisposable
{
    /// <summary>How old the view of another silo's change may be: SQLite tells nobody that something changed.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private static readonly string AdvanceSql = Read("advance_fleet_version");
    private static readonly string VersionSql = Read("get_fleet_version");
    private static readonly string GetSql = Read("get_session");
    private static readonly string ChangedSql = Read("list_changed_sessions");
    private static readonly string ClaimSql = Read("claim_session");
    private static readonly string EndSql = Read("end_session");
    private static readonly string ToldSql = Read("note_session_told");
    private static readonly string SilosSql = Read("list_silos");
    private static readonly string RegisterSql = Read("insert_silo");
    private static readonly string BeatSql = Read("beat_silo");
    private static readonly string StopSql = Read("stop_silo");
    private static readonly string ForgetSql = Read("delete_silo");

    // SQLite has one writer; a thousand agents that come at once shall not block a thousand threads.
    private readonly SemaphoreSlim _writer = new(1);

    /// <inheritdoc/>
    public Task<FleetRows> Read(long after, CancellationToken cancellation)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        var version = QueryVersion(connection, VersionSql);
        var sessions = Query(connection, ChangedSql, ReadSession, ("$after", after));
        var silos = Query(connection, SilosSql, ReadSilo);
        return Task.FromResult(new FleetRows(version, sessions, silos));
    }

    /// <inheritdoc/>
    public Task<SessionRow?> Claim(
        NodeName node, Func<SessionRow?, SessionRow?> next, CancellationToken cancellation) =>
        Write(connection =>
        {
            var before = Query(connection, GetSql, ReadSession, ("$node", node.Value)).FirstOrDefault();
            if (next(before) is not { } claimed) return null;
            claimed = claimed with { Version = QueryVersion(connection, AdvanceSql) };
            // The transaction keeps other writers out; the comparison says so again, for the day it doesn't.
            return Execute(
                connection, ClaimSql, ("$node", node.Value), ("$epoch", claimed.Epoch), ("$run", Text(claimed.Run)),
                ("$bootId", Text(claimed.Agent.BootId)), ("$attempt", claimed.Agent.Attempt),
                ("$endpoint", claimed.Agent.Endpoint.ToString()), ("$roles", string.Join(',', claimed.Agent.Roles)),
                ("$pid", claimed.Agent.Pid), ("$agentVersion", claimed.Agent.Version),
                ("$beganAt", Text(claimed.BeganAt)), ("$change", claimed.Change), ("$told", claimed.Told),
                ("$version", claimed.Version), ("$expectedEpoch", before?.Epoch ?? 0)) == 1
                ? claimed
                : throw new InvalidOperationException($"The session of {node} changed within a transaction.");
        }, cancellation);

    /// <inheritdoc/>
    public Task End(NodeName node, long epoch, CancellationToken cancellation) => Write(
        connection => Execute(
            connection, EndSql, ("$node", node.Value), ("$epoch", epoch), ("$endedAt", Text(clock.GetUtcNow())),
            ("$version", QueryVersion(connection, AdvanceSql))), cancellation);

    /// <inheritdoc/>
    public Task NoteTold(NodeName node, long change, CancellationToken cancellation) => Write(
        connection => Execute(
            connection, ToldSql, ("$node", node.Value), ("$told", change),
            ("$version", QueryVersion(connection, AdvanceSql))), cancellation);

    /// <inheritdoc/>
    public Task Register(SiloRow silo, CancellationToken cancellation) => Write(
        connection => Execute(
            connection, RegisterSql, ("$run", Text(silo.Run)), ("$name", silo.Name), ("$engine", silo.Engine),
            ("$gateway", silo.Gateway.ToString()), ("$pid", silo.Pid), ("$version", silo.Version),
            ("$startedAt", Text(silo.StartedAt))), cancellation);

    /// <inheritdoc/>
    public Task<bool> Beat(Guid run, CancellationToken cancellation) => Write(
        connection => Execute(connection, BeatSql, ("$run", Text(run))) == 1, cancellation);

    /// <inheritdoc/>
    public Task Stop(Guid run, CancellationToken cancellation) => Write(
        connection => Execute(connection, StopSql, ("$run", Text(run)), ("$stoppedAt", Text(clock.GetUtcNow()))),
        cancellation);

    /// <inheritdoc/>
    public Task Forget(Guid run, CancellationToken cancellation) => Write(
        connection => Execute(connection, ForgetSql, ("$run", Text(run))), cancellation);

    /// <inheritdoc/>
    public Task WaitForChange(CancellationToken cancellation) => Task.Delay(PollInterval, clock, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private async Task<T> Write<T>(Func<SqliteConnection, T> change, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        try
        {
            using var connection = database.Open();
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = change(connection);
            transaction.Commit();
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    private static int Execute(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string, object)> parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private static long QueryVersion(SqliteConnection connection, string sql) =>
        Query(connection, sql, row => row.GetInt64(0)).Single();

    private static ImmutableArray<T> Query<T>(
        SqliteConnection connection, string sql, Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string, object)> parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = ImmutableArray.CreateBuilder<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows.ToImmutable();
    }

    private static SessionRow ReadSession(SqliteDataReader row) => new(
        NodeName.Parse(row.GetString(0)), row.GetInt64(1), Guid.Parse(row.GetString(2)),
        new AgentIdentity(
            Guid.Parse(row.GetString(3)), row.GetInt64(4), new Uri(row.GetString(5)),
            [.. row.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries)], row.GetInt32(7),
            row.GetString(8)),
        ReadTime(row, 9), row.IsDBNull(10) ? null : ReadTime(row, 10), row.GetInt64(11), row.GetInt64(12),
        row.GetInt64(13));

    private static SiloRow ReadSilo(SqliteDataReader row) => new(
        Guid.Parse(row.GetString(0)), row.GetString(1), row.GetString(2), new Uri(row.GetString(3)), row.GetInt32(4),
        row.GetString(5), ReadTime(row, 6), row.GetInt64(7), row.IsDBNull(8) ? null : ReadTime(row, 8));

    private static DateTimeOffset ReadTime(SqliteDataReader row, int column) =>
        DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture);

    private static string Text(Guid id) => id.ToString("N");

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static string Read(string name) => Statement.Read("Fleet/" + name);
}
