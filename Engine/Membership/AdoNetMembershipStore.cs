using System.Data.Common;
using System.Net;
using Aedile.Engine.Storage;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The membership table in a database, with the tables of the Orleans ADO.NET providers.</summary>
internal sealed class AdoNetMembershipStore(DbDataSource database, DatabaseDialect dialect, string fleet)
    : IMembershipStore, IAsyncDisposable
{
    private const int CommandLimitSeconds = 3;

    public async Task Prepare(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await dialect.PrepareWriter(connection, cancellation);
            await dialect.CreateSchema(
                connection, "Membership", ["create_membership_version_table", "create_membership_table"], cancellation);
            await using var command = Command(connection, null, "insert_membership_version");
            await command.ExecuteNonQueryAsync(cancellation);
            await Read(cancellation);
        }
        catch (DbException error)
        {
            throw new OrleansException(
                $"The membership of fleet '{fleet}' can't be kept in this database: {error.Message}", error);
        }
    }

    public async Task<MembershipTableSnapshot> Read(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, null, "read_membership");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = new List<SiloEntry>();
        if (!await reader.ReadAsync(cancellation))
            throw new OrleansException($"The database has no fleet '{fleet}' any more.");
        var (now, version) = (Time(reader, 0), reader.GetInt32(1));
        do
        {
            if (!reader.IsDBNull(2)) entries.Add(ReadEntry(reader));
        }
        while (await reader.ReadAsync(cancellation));

        return MembershipTableSnapshot.Of(version, now, entries);
    }

    public async Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await dialect.PrepareWriter(connection, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var raise = Command(connection, transaction, "raise_membership_version");
        Add(raise, "@version", (int)version);
        if (await raise.ExecuteNonQueryAsync(cancellation) == 0) return false;
        foreach (var command in CommandsOf(change, connection, transaction))
        {
            await using var _ = command;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await dialect.PrepareWriter(connection, cancellation);
        await using var command = Command(connection, null, "update_alive_time", silo);
        Add(command, "@alive", at.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static SiloEntry ReadEntry(DbDataReader row) => new()
    {
        Address = SiloAddress.New(IPAddress.Parse(row.GetString(2)), row.GetInt32(3), row.GetInt32(4)),
        Name = row.GetString(5),
        HostName = row.GetString(6),
        Status = (SiloStatus)row.GetInt32(7),
        GatewayPort = row.IsDBNull(8) ? 0 : row.GetInt32(8),
        Suspicions = VoteText.Parse(row.IsDBNull(9) ? null : row.GetString(9)),
        StartedAt = Time(row, 10),
        AliveAt = Time(row, 11),
    };

    private static DateTimeOffset Time(DbDataReader row, int column) =>
        new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    private IEnumerable<DbCommand> CommandsOf(TableChange change, DbConnection connection, DbTransaction transaction)
    {
        switch (change)
        {
            case TableChange.Insert { Entry: var entry }:
                var insert = Command(connection, transaction, "insert_membership", entry.Address);
                Add(insert, "@name", entry.Name);
                Add(insert, "@host", entry.HostName);
                Add(insert, "@gateway", entry.GatewayPort);
                Add(insert, "@started", entry.StartedAt.UtcDateTime);
                Add(insert, "@alive", entry.AliveAt.UtcDateTime);
                AddState(insert, entry);
                yield return insert;
                break;
            case TableChange.Update { Entry: var entry }:
                var update = Command(connection, transaction, "update_membership", entry.Address);
                AddState(update, entry);
                yield return update;
                break;
            case TableChange.Remove { Silos: var silos }:
                foreach (var silo in silos) yield return Command(connection, transaction, "delete_membership", silo);
                break;
        }
    }

    private static void AddState(DbCommand command, SiloEntry entry)
    {
        Add(command, "@status", (int)entry.Status);
        Add(command, "@votes", VoteText.Of(entry.Suspicions));
    }

    private DbCommand Command(
        DbConnection connection, DbTransaction? transaction, string statement, SiloAddress? silo = null)
    {
        var command = connection.CreateCommand();
        command.CommandText = SqlText.Of("Membership", statement, dialect.Name);
        command.Transaction = transaction;
        command.CommandTimeout = CommandLimitSeconds;
        Add(command, "@fleet", fleet);
        if (silo is null) return command;
        Add(command, "@address", silo.Endpoint.Address.ToString());
        Add(command, "@port", silo.Endpoint.Port);
        Add(command, "@generation", silo.Generation);
        return command;
    }
}
