using System.Collections.Immutable;

namespace Aedile.Silo.Hosting;

/// <summary>How one silo is started.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Parent">The process whose end is its own; null for none.</param>
/// <param name="Nodes">Nodes that are known before they come.</param>
internal sealed record SiloArguments(string Data, Uri Url, int? Parent, ImmutableArray<string> Nodes)
{
    /// <summary>Parses the command line.</summary>
    /// <exception cref="StartupException">It is wrong; the message says how.</exception>
    public static SiloArguments Parse(string[] arguments)
    {
        var line = CommandLine.Parse(arguments, "data", "urls", "parent", "nodes");
        var parent = line.GetNumber("parent", 1, int.MaxValue, 0);
        if (!Uri.TryCreate(line.Require("urls"), UriKind.Absolute, out var url) || url.Scheme is not "http")
            throw new StartupException($"The option --urls must be one http address, not '{line.Require("urls")}'.");
        return new SiloArguments(
            line.Require("data"), url, parent == 0 ? null : parent,
            [.. (line.Get("nodes") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
