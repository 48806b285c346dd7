using System.Reflection;

namespace Aedile.Engine.Storage;

/// <summary>Reads the engine's SQL, one statement a file, embedded in the assembly.</summary>
internal static class SqlText
{
    private const string Folder = "Aedile.Engine.Storage.Sql.";

    /// <param name="name">The statement's file name without endings.</param>
    /// <param name="dialect">Its own file wins over the one that all dialects share.</param>
    public static string Of(string name, string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"{Folder}{name}.{dialect}.sql")
            ?? assembly.GetManifestResourceStream($"{Folder}{name}.sql")
            ?? throw new InvalidOperationException($"There is no SQL file {name} for {dialect}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
