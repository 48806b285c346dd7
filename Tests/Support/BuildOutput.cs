using Aedile.Silo.Engines;

namespace Aedile.Tests.Support;

/// <summary>Where the programs are that <c>dotnet build</c> made, for each engine.</summary>
public static class BuildOutput
{
    /// <summary>The engine that these tests were built with, as <c>./run --engine</c> calls it.</summary>
    public static string Engine { get; } = HostedEngine.NeedsPostgres ? "orleans" : "bundled";

    /// <summary>The silo's program, built with the engine of these tests.</summary>
    public static string Silo => Program("Silo", "aedile-silo.dll");

    /// <summary>The agent's program.</summary>
    public static string Agent => Program("Agent", "aedile-agent.dll");

    /// <summary>The command line.</summary>
    public static string Cli => Program("Cli", "aedile.dll");

    private static string Program(string project, string file) => Path.Combine(
        SourceTree.Root, project, "bin", HostedEngine.NeedsPostgres ? "orleans" : "", "Release", "net10.0", file);
}
