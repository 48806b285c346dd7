using System.Data.Common;
using System.Diagnostics;

namespace Aedile.Silo.Storage;

/// <summary>The SQL files of this folder, embedded: one statement each, by their path without endings.</summary>
internal static class Statement
{
    private const string Prefix = "Aedile.Silo.Storage.";

    /// <summary>Text of one file; that of the dialect wins over the one that all share.</summary>
    /// <exception cref="UnreachableException">There is no such file in this build.</exception>
    public static string Read(string name, string dialect) =>
        Find(name, dialect) ?? throw new UnreachableException($"No SQL file {name} is embedded.");

    /// <summary>As <see cref="Read"/>; null when the dialect needs no such statement.</summary>
    public static string? Find(string name, string dialect)
    {
        var assembly = typeof(Statement).Assembly;
        var resource = Prefix + name.Replace('/', '.');
        using var stream = assembly.GetManifestResourceStream($"{resource}.{dialect}.sql")
            ?? assembly.GetManifestResourceStream($"{resource}.sql");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A command with its parameters, in the connection's open transaction if it has one.</summary>
    public static DbCommand Prepare(
        this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a file of this folder, never made of input.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public static async Task Execute(this DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.Prepare(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
