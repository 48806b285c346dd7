using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Hosting;

/// <summary>How one silo is started.</summary>
/// <param name="Name">Its name, which no other silo of the fleet has.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Parent">The process whose end is its own; null for none.</param>
/// <param name="Nodes">Nodes that are known before they come.</param>
internal sealed record SiloArguments(
    string Name, string Data, Uri Url, int? Parent, ImmutableArray<string> Nodes)
{
    private const string NameDefault = "silo-1";

    /// <summary>Parses the command line.</summary>
    /// <exception cref="StartupException">It is wrong; the message says how.</exception>
    public static SiloArguments Parse(string[] arguments)
    {
        var line = CommandLine.Parse(arguments, "name", "data", "urls", "parent", "nodes");
        var parent = line.GetNumber("parent", 1, int.MaxValue, 0);
        if (!Uri.TryCreate(line.Require("urls"), UriKind.Absolute, out var url) || url.Scheme is not "http")
            throw new StartupException($"The option --urls must be one http address, not '{line.Require("urls")}'.");
        var name = line.Get("name") ?? NameDefault;
        // It names files and stands in messages; the rule of a node's name fits.
        if (!NodeName.TryParse(name, null, out _))
            throw new StartupException($"The option --name must be 1 to 63 of a-z, 0-9 and dash, not '{name}'.");
        return new SiloArguments(
            name, line.Require("data"), url, parent == 0 ? null : parent,
            [.. (line.Get("nodes") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
