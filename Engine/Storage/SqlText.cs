using System.Reflection;

namespace Aedile.Engine.Storage;

/// <summary>Reads the engine's SQL, one statement a file, embedded in the assembly.</summary>
internal static class SqlText
{
    /// <param name="part">Folder of the engine that has the file in its <c>Sql</c>, for instance Storage.</param>
    /// <param name="name">The statement's file name without endings.</param>
    /// <param name="dialect">Its own file wins over the one that all dialects share.</param>
    public static string Of(string part, string name, string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var file = $"Aedile.Engine.{part}.Sql.{name}";
        using var stream = assembly.GetManifestResourceStream($"{file}.{dialect}.sql")
            ?? assembly.GetManifestResourceStream($"{file}.sql")
            ?? throw new InvalidOperationException($"There is no SQL file {name} for {dialect} in {part}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
