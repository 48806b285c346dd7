using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using System.Reflection;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Engines.Official;

/// <summary>
/// The tables of the official ADO.NET providers, and the statements that they read from the table
/// <c>OrleansQuery</c>. The tables are those of the bundled engine, so that a fleet may change its engine while it is
/// stopped.
/// </summary>
internal sealed class OrleansSchema(SiloDatabase database)
{
    private const string Prefix = "Aedile.Silo.Engines.Official.";

    private const string Upsert = "Schema/upsert_query";

    private static readonly ImmutableArray<string> Tables =
    [
        "create_query_table", "create_storage_table.postgres", "create_storage_index.postgres",
        "create_membership_version_table.postgres", "create_membership_table.postgres",
        "create_reminders_table.postgres",
    ];

    // Each file is named as the providers ask for it.
    private static readonly ImmutableArray<string> Queries =
    [
        "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
        "InsertMembershipVersionKey", "InsertMembershipKey", "UpdateMembershipKey", "UpdateIAmAlivetimeKey",
        "MembershipReadAllKey", "MembershipReadRowKey", "GatewaysQueryKey", "DeleteMembershipTableEntriesKey",
        "CleanupDefunctSiloEntriesKey", "UpsertReminderRowKey", "ReadReminderRowsKey", "ReadReminderRowKey",
        "ReadRangeRows1Key", "ReadRangeRows2Key", "DeleteReminderRowKey", "DeleteReminderRowsKey",
    ];

    /// <summary>Creates what is missing, and writes the statements of this program, under the lock of the
    /// schema.</summary>
    /// <exception cref="StartupException">The database refuses, or a newer program made the tables; nothing was
    /// changed.</exception>
    public async Task Create(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Open(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.Execute(database.Sql("lock_schema"), cancellation);
            await RefuseNewer(connection, cancellation);
            foreach (var table in Tables) await connection.Execute(Read($"Schema/{table}"), cancellation);
            var upsert = Read(Upsert);
            foreach (var key in Queries)
            {
                await using var command = connection.Prepare(
                    upsert, ("@key", key), ("@text", WithoutComments(Read($"Queries/{key}"))));
                await command.ExecuteNonQueryAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
        }
        catch (DbException error)
        {
            throw new StartupException($"The database can't be prepared for Orleans: {error.Message}", error);
        }
    }

    private static async Task RefuseNewer(DbConnection connection, CancellationToken cancellation)
    {
        await connection.Execute(Read("Schema/create_engine_schema"), cancellation);
        await using (var command = connection.Prepare(Read("Schema/find_newer_engine_schema")))
        {
            await using var newer = await command.ExecuteReaderAsync(cancellation);
            if (await newer.ReadAsync(cancellation))
            {
                throw new StartupException(
                    $"The engine's tables have schema {newer.GetInt32(0)}; this program knows schemas up to "
                    + $"{newer.GetInt32(1)}. Use the program that wrote them, or a newer one.");
            }
        }

        await connection.Execute(Read("Schema/note_engine_schema"), cancellation);
    }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(
            $"{Prefix}{name.Replace('/', '.')}.sql")
            ?? throw new UnreachableException($"No SQL file {name} is embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // They are for whoever reads the file; the database would get them with every call.
    private static string WithoutComments(string sql) =>
        string.Join('\n', sql.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
}
