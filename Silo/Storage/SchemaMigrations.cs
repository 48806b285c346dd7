using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Storage;

/// <summary>Brings the database to the schema of this program: forward only, each migration once.</summary>
internal sealed class SchemaMigrations(SiloDatabase database, TimeProvider clock)
{
    private const string Folder = "Aedile.Silo.Migrations.";
    private const string Ending = ".sql";

    private readonly ImmutableArray<Migration> _known = Known(database.Dialect);

    /// <summary>Applies what is missing, in one transaction that keeps every other silo out. Idempotent.</summary>
    /// <exception cref="StartupException">The database is of a newer program, or an applied migration was
    /// changed.</exception>
    public async Task Apply(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Open(cancellation);
            // SQLite begins as IMMEDIATE, PostgreSQL takes a lock of its own: either way before the first read, so two
            // silos can't both find a migration missing.
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            if (database.IsShared) await connection.Execute(database.Sql("lock_schema"), cancellation);
            await connection.Execute(database.Sql("create_schema_migration"), cancellation);
            var applied = await ReadApplied(connection, cancellation);
            foreach (var migration in _known.Skip(Check(applied))) await Apply(connection, migration, cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (DbException error)
        {
            throw new StartupException($"The database can't be opened or migrated: {error.Message}", error);
        }
    }

    private int Check(List<Migration> applied)
    {
        if (applied.Count > _known.Length)
            throw new StartupException(
                $"The database has schema {applied[^1].Number}; this program knows schemas up to {_known.Length}. "
                + "Use the program that wrote it, or a newer one.");
        foreach (var (old, mine) in applied.Zip(_known))
        {
            if (old.Number != mine.Number || old.Checksum != mine.Checksum)
                throw new StartupException(
                    $"The database was made with another migration {old.Number} ({old.Name}) than this program has.");
        }
        return applied.Count;
    }

    private async Task Apply(DbConnection connection, Migration migration, CancellationToken cancellation)
    {
        await connection.Execute(migration.Sql, cancellation);
        await using var note = connection.Prepare(
            database.Sql("insert_schema_migration"), ("@number", migration.Number), ("@name", migration.Name),
            ("@checksum", migration.Checksum),
            ("@appliedAt", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        await note.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<List<Migration>> ReadApplied(DbConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.Prepare(database.Sql("list_schema_migrations"));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var applied = new List<Migration>();
        while (await reader.ReadAsync(cancellation))
            applied.Add(new Migration(reader.GetInt32(0), reader.GetString(1), "", reader.GetString(2)));
        return applied;
    }

    // A file is for one dialect (0001_name.sqlite.sql) or for all (0001_name.sql).
    private static ImmutableArray<Migration> Known(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
               where resource.StartsWith(Folder, StringComparison.Ordinal)
               let parts = resource[Folder.Length..^Ending.Length].Split('.')
               where parts.Length == 1 || parts[1] == dialect
               select Load(assembly, resource, parts[0]),
        ];
    }

    private static Migration Load(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var sql = reader.ReadToEnd();
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        var number = int.Parse(name.Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture);
        return new Migration(number, name, sql, checksum);
    }

    private sealed record Migration(int Number, string Name, string Sql, string Checksum);
}
