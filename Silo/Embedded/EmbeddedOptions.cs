using System.Collections.Immutable;
using System.Globalization;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>
/// What <c>./run</c> starts. All ports follow from one: those of the silos, then of the agents; in a fleet, then the
/// silos' ports for each other, for .NET clients, and the database's.
/// </summary>
/// <param name="Data">Folder of everything it keeps.</param>
/// <param name="Port">The first silo's port.</param>
/// <param name="Silos">How many silos.</param>
/// <param name="Agents">How many storage agents.</param>
/// <param name="AgentProgram">Path of the agent's program.</param>
/// <param name="IsFleet">Whether silos share a PostgreSQL; otherwise there is one, on SQLite.</param>
internal sealed record EmbeddedOptions(
    string Data, int Port, int Silos, int Agents, string AgentProgram, bool IsFleet)
{
    /// <summary>More agents on one machine help nobody.</summary>
    public const int AgentsMax = 32;

    /// <summary>More silos on one machine help nobody.</summary>
    public const int SilosMax = 16;

    private const int PortMax = 65535;
    private const int SilosDefault = 3;

    /// <summary>Whether gateways and agents speak TLS.</summary>
    public bool HasTls { get; init; }

    /// <summary>The silos' addresses.</summary>
    public ImmutableArray<Uri> SiloAddresses => [.. Enumerable.Range(1, Silos).Select(SiloAddress)];

    /// <summary>The database's port.</summary>
    public int DatabasePort => Port + Agents + (3 * Silos);

    /// <summary>Every port that must be free, and whom for.</summary>
    public IEnumerable<(int Port, string Who)> Ports
    {
        get
        {
            for (var number = 1; number <= Silos; number++)
                yield return (SiloAddress(number).Port, IsFleet ? SiloName(number) : "the silo");
            for (var number = 1; number <= Agents; number++)
                yield return (AgentAddress(number).Port, NodeName(number));
            if (!IsFleet) yield break;
            for (var number = 1; number <= Silos; number++)
            {
                yield return (SiloPort(number), $"the other silos of {SiloName(number)}");
                yield return (GatewayPort(number), $"the clients of {SiloName(number)}");
            }
            yield return (DatabasePort, "PostgreSQL");
        }
    }

    /// <summary>Name of a silo, numbered from 1.</summary>
    public static string SiloName(int number) => $"silo-{number}";

    /// <summary>Name of an agent's node, numbered from 1.</summary>
    public static string NodeName(int number) => $"storage-{number}";

    /// <summary>Address of a silo, numbered from 1.</summary>
    public Uri SiloAddress(int number) => AddressAt(Port + number - 1);

    /// <summary>Address of an agent, numbered from 1.</summary>
    public Uri AgentAddress(int number) => AddressAt(Port + Silos + number - 1);

    /// <summary>Where other silos reach a silo.</summary>
    public int SiloPort(int number) => Port + Silos + Agents + number - 1;

    /// <summary>Where .NET clients reach a silo.</summary>
    public int GatewayPort(int number) => Port + (2 * Silos) + Agents + number - 1;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="StartupException">An option is unknown, lacks its value, or has a bad one.</exception>
    public static EmbeddedOptions Parse(IReadOnlyList<string> args)
    {
        var isFleet = args is ["--fleet", ..];
        var options = isFleet
            ? new EmbeddedOptions("data-fleet", 8480, SilosDefault, 3, "", isFleet)
            : new EmbeddedOptions("data", 8480, 1, 3, "", isFleet);
        for (var i = 1; i < args.Count; i++)
        {
            if (i + 1 == args.Count) throw new StartupException($"{args[i]} needs a value.");
            options = With(options, args[i], args[++i]);
        }

        if (options.Ports.Max(p => p.Port) > PortMax)
            throw new StartupException(
                $"--port {options.Port} leaves no room below {PortMax + 1} for {options.Ports.Count()} ports.");
        return options;
    }

    private static EmbeddedOptions With(EmbeddedOptions options, string name, string value) => name switch
    {
        "--data" when value.Length > 0 => options with { Data = Path.GetFullPath(value) },
        "--port" => options with { Port = Number(name, value, 1, PortMax) },
        "--silos" when options.IsFleet => options with { Silos = Number(name, value, 1, SilosMax) },
        "--tls" when value is "on" => options with { HasTls = true },
        "--agents" => options with { Agents = Number(name, value, 1, AgentsMax) },
        "--agent-program" => options with { AgentProgram = Path.GetFullPath(value) },
        _ => throw new StartupException($"Unknown option {name}. See ./run --help."),
    };

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= min && number <= max
            ? number
            : throw new StartupException($"{name} takes a whole number from {min} to {max}, not '{value}'.");

    private Uri AddressAt(int port) => new($"{(HasTls ? "https" : "http")}://127.0.0.1:{Math.Min(port, PortMax)}");
}
