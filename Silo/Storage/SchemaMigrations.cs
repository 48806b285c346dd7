using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aedile.Silo.Hosting;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Storage;

/// <summary>Brings the database to the schema of this program: forward only, each migration once.</summary>
internal sealed class SchemaMigrations(SiloDatabase database, TimeProvider clock)
{
    private const string Prefix = "Aedile.Silo.Migrations.";

    /// <summary>Applies what is missing, in one transaction that keeps every other writer out. Idempotent.</summary>
    /// <exception cref="StartupException">The database is of a newer program, or an applied migration was
    /// changed.</exception>
    public void Apply()
    {
        try
        {
            using var connection = database.Open();
            // Immediate: the lock is taken before the first read, so two silos can't both find a migration missing.
            using var transaction = connection.BeginTransaction(deferred: false);
            using (var create = connection.Prepare(Statement.Read("create_schema_migration"))) create.ExecuteNonQuery();
            var applied = ReadApplied(connection);
            foreach (var migration in Known().Skip(Check(applied))) Apply(connection, migration);
            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw new StartupException($"The database can't be opened or migrated: {error.Message}", error);
        }
    }

    private static int Check(List<Migration> applied)
    {
        var known = Known();
        if (applied.Count > known.Count)
            throw new StartupException(
                $"The database has schema {applied[^1].Number}; this program knows schemas up to {known.Count}. "
                + "Use the program that wrote it, or a newer one.");
        foreach (var (old, mine) in applied.Zip(known))
        {
            if (old.Number != mine.Number || old.Checksum != mine.Checksum)
                throw new StartupException(
                    $"The database was made with another migration {old.Number} ({old.Name}) than this program has.");
        }
        return applied.Count;
    }

    private void Apply(SqliteConnection connection, Migration migration)
    {
        using (var change = connection.Prepare(migration.Sql)) change.ExecuteNonQuery();
        using var note = connection.Prepare(
            Statement.Read("insert_schema_migration"), ("$number", migration.Number), ("$name", migration.Name),
            ("$checksum", migration.Checksum),
            ("$appliedAt", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        note.ExecuteNonQuery();
    }

    private static List<Migration> ReadApplied(SqliteConnection connection)
    {
        using var command = connection.Prepare(Statement.Read("list_schema_migrations"));
        using var reader = command.ExecuteReader();
        var applied = new List<Migration>();
        while (reader.Read())
            applied.Add(new Migration(reader.GetInt32(0), reader.GetString(1), "", reader.GetString(2)));
        return applied;
    }

    private static List<Migration> Known()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select((resource, index) => Load(assembly, resource, index + 1)),
        ];
    }

    private static Migration Load(Assembly assembly, string resource, int number)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var sql = reader.ReadToEnd();
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        return new Migration(number, resource[Prefix.Length..^".sql".Length], sql, checksum);
    }

    private sealed record Migration(int Number, string Name, string Sql, string Checksum);
}
