using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Storage;

/// <summary>The SQL files of this folder, embedded: one statement each, by their path without extension.</summary>
internal static class Statement
{
    private const string Prefix = "Aedile.Silo.Storage.";

    /// <summary>Text of one file, as in <c>Repositories/get_repository</c>.</summary>
    /// <exception cref="UnreachableException">There is no such file in this build.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(Statement).Assembly.GetManifestResourceStream($"{Prefix}{name.Replace('/', '.')}.sql")
            ?? throw new UnreachableException($"No SQL file {name} is embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A command with its parameters, in the connection's open transaction if it has one.</summary>
    public static SqliteCommand Prepare(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a file of this folder, never made of input.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
