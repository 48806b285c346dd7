namespace Aedile.Silo.Hosting;

/// <summary>Whether the engine that this program was built with can work with its database.</summary>
internal static class EngineCheck
{
    private const string Bundled = "Engine";

    /// <summary>Checks it.</summary>
    /// <exception cref="StartupException">It was built with the official packages, which have no way to keep their
    /// membership in SQLite.</exception>
    public static void Run()
    {
        if (typeof(Grain).Assembly.GetName().Name == Bundled) return;
        throw new StartupException(
            "This program was built with the official Orleans packages, which can't run on SQLite, the only database "
            + "that Aedile has yet. Build it without -p:Engine=Orleans.");
    }
}
