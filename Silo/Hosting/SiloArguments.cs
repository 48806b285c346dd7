using System.Collections.Immutable;
using System.Net;
using Aedile.Silo.Engines;

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

    /// <summary>
    /// Address at which it listens for silos and .NET clients; other than on the loopback device they need TLS.
    /// </summary>
    public IPAddress SiloAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Whether connections between silos, and from .NET clients, are encrypted.</summary>
    public bool SiloTls { get; init; }

    /// <summary>The operator's certificate of the gateway, with those between it and its authority (PEM); null: the
    /// silo's own.</summary>
    public string? TlsCert { get; init; }

    /// <summary>The key of <see cref="TlsCert"/> (PEM).</summary>
    public string? TlsKey { get; init; }

    /// <summary>Name of its lock in the data folder, which several silos of a machine may share.</summary>
    public string LockName => Name + ".lock";

    /// <summary>Parses the command line.</summary>
    /// <exception cref="StartupException">It is wrong; the message says how.</exception>
    public static SiloArguments Parse(string[] arguments)
    {
        var line = CommandLine.Parse(
            arguments, "data", "urls", "parent", "nodes", "name", "database-file", "silo-port", "gateway-port",
            "silo-address", "silo-tls", "tls-cert", "tls-key");
        var parent = line.GetNumber("parent", 1, int.MaxValue, 0);
        if (!Uri.TryCreate(line.Require("urls"), UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https"))
            throw new StartupException(
                $"The option --urls must be one http or https address, not '{line.Require("urls")}'.");
        return Check(new SiloArguments(
            line.Require("data"), url, parent == 0 ? null : parent,
            [.. (line.Get("nodes") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)])
        {
            Name = ParseName(line.Get("name") ?? "silo-1"),
            DatabaseFile = line.Get("database-file"),
            SiloPort = line.GetNumber("silo-port", 1, PortMax, 11111),
            GatewayPort = line.GetNumber("gateway-port", 1, PortMax, 30000),
            SiloAddress = ParseAddress(line.Get("silo-address")),
            SiloTls = ParseSwitch("silo-tls", line.Get("silo-tls"), url.Scheme is "https"),
            TlsCert = line.Get("tls-cert"),
            TlsKey = line.Get("tls-key"),
        });
    }

    // Tokens, passwords and packs pass here: on a wire that others reach they are encrypted, or they don't pass.
    private static SiloArguments Check(SiloArguments arguments)
    {
        var (url, shared) = (arguments.Url, arguments.DatabaseFile is not null);
        if (url.Scheme is "http" && !url.IsLoopback)
            throw new StartupException(
                $"--urls {url} is not on the loopback device, and tokens would travel in the clear: use https.");
        if (arguments.TlsCert is null != arguments.TlsKey is null)
            throw new StartupException("--tls-cert and --tls-key go together.");
        if (arguments.TlsCert is not null && url.Scheme is "http")
            throw new StartupException("--tls-cert needs an https address in --urls.");
        if (shared && !arguments.SiloTls && !IPAddress.IsLoopback(arguments.SiloAddress))
            throw new StartupException(
                $"--silo-address {arguments.SiloAddress} is not on the loopback device, and silos would talk in the "
                + "clear: add --silo-tls on.");
        if (shared && arguments.SiloTls && HostedEngine.WhyNoTls is { } why) throw new StartupException(why);
        return arguments;
    }

    private static IPAddress ParseAddress(string? text) =>
        text is null ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any)
            && !address.Equals(IPAddress.IPv6Any) ? address
        : throw new StartupException(
            $"The option --silo-address must be the address at which other silos reach this one, not '{text}'.");

    private static bool ParseSwitch(string name, string? text, bool fallback) => text switch
    {
        null => fallback,
        "on" => true,
        "off" => false,
        _ => throw new StartupException($"The option --{name} is on or off, not '{text}'."),
    };

    // It becomes part of file names.
    private static string ParseName(string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-')
            ? text
            : throw new StartupException($"The option --name takes letters, digits and dashes, not '{text}'.");
}
