using System.Collections.Immutable;

namespace Aedile.Silo.Hosting;

/// <summary>How one silo is started.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Parent">The process whose end is its own; null for none.</param>
/// <param name="Nodes">Nodes that are known before they come.</param>
internal sealed record SiloArguments(string Data, Uri Url, int? Parent, ImmutableArray<string> Nodes)
{
    private const int PortMax = 65535;

    /// <summary>What it is called; no other silo of the fleet may have the name.</summary>
    public string Name { get; init; } = "silo-1";

    /// <summary>
    /// File with the connection string of the fleet's PostgreSQL: a password never stands on a command line. Null: a
    /// SQLite database in the data folder, and this silo is alone.
    /// </summary>
    public string? DatabaseFile { get; init; }

    /// <summary>Where other silos reach it. Used with a PostgreSQL only.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Where .NET clients reach it. Used with a PostgreSQL only.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Name of its lock in the data folder, which several silos of a machine may share.</summary>
    public string LockName => Name + ".lock";

    /// <summary>Parses the command line.</summary>
    /// <exception cref="StartupException">It is wrong; the message says how.</exception>
    public static SiloArguments Parse(string[] arguments)
    {
        var line = CommandLine.Parse(
            arguments, "data", "urls", "parent", "nodes", "name", "database-file", "silo-port", "gateway-port");
        var parent = line.GetNumber("parent", 1, int.MaxValue, 0);
        if (!Uri.TryCreate(line.Require("urls"), UriKind.Absolute, out var url) || url.Scheme is not "http")
            throw new StartupException($"The option --urls must be one http address, not '{line.Require("urls")}'.");
        return new SiloArguments(
            line.Require("data"), url, parent == 0 ? null : parent,
            [.. (line.Get("nodes") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)])
        {
            Name = ParseName(line.Get("name") ?? "silo-1"),
            DatabaseFile = line.Get("database-file"),
            SiloPort = line.GetNumber("silo-port", 1, PortMax, 11111),
            GatewayPort = line.GetNumber("gateway-port", 1, PortMax, 30000),
        };
    }

    // It becomes part of file names.
    private static string ParseName(string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-')
            ? text
            : throw new StartupException($"The option --name takes letters, digits and dashes, not '{text}'.");
}
