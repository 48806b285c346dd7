using System.Globalization;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>How an embedded fleet is started. Ports follow from one: the silo's, then one for each agent.</summary>
/// <param name="Data">Folder of everything it keeps.</param>
/// <param name="Port">The silo's port; agents have the next ones.</param>
/// <param name="Agents">How many storage agents.</param>
/// <param name="AgentProgram">Path of the agent's program.</param>
internal sealed record EmbeddedOptions(string Data, int Port, int Agents, string AgentProgram)
{
    /// <summary>More agents on one machine help nobody.</summary>
    public const int AgentsMax = 32;

    /// <summary>The silo's address.</summary>
    public Uri SiloAddress => AddressAt(Port);

    /// <summary>Name of an agent's node, numbered from 1.</summary>
    public static string NodeName(int number) => $"storage-{number}";

    /// <summary>Address of an agent, numbered from 1.</summary>
    public Uri AgentAddress(int number) => AddressAt(Port + number);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="StartupException">An option is unknown, lacks its value, or has a bad one.</exception>
    public static EmbeddedOptions Parse(IReadOnlyList<string> args)
    {
        var options = new EmbeddedOptions("data", 8480, 3, "");
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--embedded") continue;
            if (i + 1 == args.Count) throw new StartupException($"{args[i]} needs a value.");
            options = With(options, args[i], args[++i]);
        }
        if (options.Port + options.Agents > 65535)
            throw new StartupException(
                $"--port {options.Port} leaves no room for {options.Agents} agents below 65536.");
        return options;
    }

    private static EmbeddedOptions With(EmbeddedOptions options, string name, string value) => name switch
    {
        "--data" when value.Length > 0 => options with { Data = Path.GetFullPath(value) },
        "--port" => options with { Port = Number(name, value, 1, 65535) },
        "--agents" => options with { Agents = Number(name, value, 1, AgentsMax) },
        "--agent-program" => options with { AgentProgram = Path.GetFullPath(value) },
        _ => throw new StartupException($"Unknown option {name}. See ./run --help."),
    };

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= min && number <= max
            ? number
            : throw new StartupException($"{name} takes a whole number from {min} to {max}, not '{value}'.");

    private static Uri AddressAt(int port) => new($"http://127.0.0.1:{port}");
}
