namespace Aedile.Silo.Hosting;

/// <summary>How the embedded fleet is started.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Port">The silo's port; agents follow.</param>
/// <param name="Agents">How many agents.</param>
/// <param name="AgentProgram">The agent's executable.</param>
internal sealed record EmbeddedArguments(string Data, int Port, int Agents, string AgentProgram)
{
    private const int PortMin = 1024;
    private const int AgentsMax = 64;

    /// <summary>Parses the command line.</summary>
    /// <exception cref="StartupException">It is wrong; the message says how.</exception>
    public static EmbeddedArguments Parse(string[] arguments)
    {
        var line = CommandLine.Parse(arguments, "data", "port", "agents", "agent-program");
        var agents = line.GetNumber("agents", 1, AgentsMax, 3);
        return new EmbeddedArguments(
            line.Get("data") ?? "data", line.GetNumber("port", PortMin, ushort.MaxValue - agents, 8480), agents,
            line.Get("agent-program") ?? FindAgent());
    }

    private static string FindAgent()
    {
        var here = Path.Combine(AppContext.BaseDirectory, "aedile-agent");
        if (File.Exists(here)) return here;
        // A build tree: Silo/bin/Release/net10.0/ beside Agent/bin/Release/net10.0/.
        var built = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "..", "..", "Agent", "bin",
            Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", ".."), AppContext.BaseDirectory),
            "aedile-agent"));
        return File.Exists(built)
            ? built
            : throw new StartupException($"The agent's program is neither {here} nor {built}; build it, or give --agent-program.");
    }
}
