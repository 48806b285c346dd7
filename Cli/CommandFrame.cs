using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Aedile.Cli.Session;
using Aedile.Client.Gateway;

namespace Aedile.Cli;

/// <summary>What one run of a command has at hand.</summary>
/// <param name="Parsed">Its arguments.</param>
/// <param name="Client">Knows the gateways, and carries the token.</param>
/// <param name="Output">Shows results.</param>
internal sealed record CommandRun(ParseResult Parsed, AedileClient Client, Output Output)
{
    /// <summary>An argument that was given, or has a default.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);

    /// <summary>An option; its type's default when it was left out.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);
}

/// <summary>What every command shares: the options of all, the session, how it ends.</summary>
internal sealed class CommandFrame(Terminal terminal, SessionFile sessions, TimeProvider clock)
{
    /// <summary>Where commands read and write.</summary>
    public Terminal Terminal => terminal;

    /// <summary>The session that <c>login</c> leaves.</summary>
    public SessionFile Sessions => sessions;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Which gateways.</summary>
    public Option<string[]> Address { get; } = new("--address", "-a")
    {
        Description = "Base address of a gateway; give it again for more. Default: $AEDILE_ADDRESS (with commas), "
            + "the session's, or http://127.0.0.1:8480.",
        HelpName = "URL", Recursive = true,
    };

    /// <summary>Which token.</summary>
    public Option<FileInfo?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the token to use. Default: $AEDILE_TOKEN_FILE, or the session's token.",
        HelpName = "FILE", Recursive = true,
    };

    /// <summary>By which authorities.</summary>
    public Option<FileInfo?> CaFile { get; } = new("--ca-file")
    {
        Description = "File with the authorities that gateways are known by, as DATA/ca.pem. Default: $AEDILE_CA_FILE, "
            + "the session's, or the machine's.",
        HelpName = "FILE", Recursive = true,
    };

    /// <summary>For programs.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "One JSON value a line instead of tables.", Recursive = true,
    };

    /// <summary>How long to go on.</summary>
    public Option<int> Patience { get; } = new("--patience")
    {
        Description = "For how many seconds to go on while no gateway can do it. Default: 3.",
        HelpName = "SECONDS", Recursive = true, DefaultValueFactory = _ => 3,
    };

    /// <summary>A command that talks to the fleet.</summary>
    public Command Make(
        string name, string description, IEnumerable<Symbol> symbols, Func<CommandRun, CancellationToken, Task> act) =>
        Make(name, description, symbols, async (run, cancellation) =>
        {
            await act(run, cancellation);
            return ExitCode.Done;
        });

    /// <summary>A command that talks to the fleet, and says how it ended.</summary>
    public Command Make(
        string name, string description, IEnumerable<Symbol> symbols,
        Func<CommandRun, CancellationToken, Task<ExitCode>> act)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            var session = sessions.Read();
            using var client = Connect(parsed, session);
            client.Token = TokenOf(parsed) ?? session?.Token;
            return (int)await act(
                new CommandRun(parsed, client, new Output(terminal.Out, parsed.GetValue(Json))), cancellation);
        });
        return command;
    }

    /// <summary>A client of one gateway alone, with the same token.</summary>
    public AedileClient ConnectTo(Uri address, CommandRun run) =>
        new(OptionsOf(run.Parsed, sessions.Read()) with
        {
            Gateways = new GatewayRotation([address]), Patience = TimeSpan.Zero,
        }, clock)
        {
            Token = run.Client.Token,
        };

    /// <summary>A client that shows a certificate, with the command's gateways and no token.</summary>
    public AedileClient ConnectWith(X509Certificate2 certificate, CommandRun run) =>
        new(OptionsOf(run.Parsed, sessions.Read()) with { Certificate = certificate }, clock);

    /// <summary>The addresses that a command uses.</summary>
    public IReadOnlyList<Uri> AddressesOf(ParseResult parsed, StoredSession? session)
    {
        var given = parsed.GetValue(Address) is { Length: > 0 } named
            ? named
            : sessions.Variable("AEDILE_ADDRESS")?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (given is null) return session?.Addresses ?? [new Uri("http://127.0.0.1:8480")];
        return [.. given.Select(text =>
            Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new UsageException($"'{text}' is no address of a gateway, as http://127.0.0.1:8480 is."))];
    }

    /// <summary>The file of authorities that a command uses, from the root; null: the machine's are used.</summary>
    public string? CaFileOf(ParseResult parsed, StoredSession? session) =>
        parsed.GetValue(CaFile)?.FullName
        ?? (sessions.Variable("AEDILE_CA_FILE") is { } named ? Path.GetFullPath(named) : session?.CaFile);

    private AedileClient Connect(ParseResult parsed, StoredSession? session) => new(OptionsOf(parsed, session), clock);

    private GatewayOptions OptionsOf(ParseResult parsed, StoredSession? session)
    {
        var patience = parsed.GetValue(Patience);
        return patience is < 0 or > 86_400
            ? throw new UsageException("--patience is 0 to 86400 seconds.")
            : new GatewayOptions([.. AddressesOf(parsed, session)])
            {
                Patience = TimeSpan.FromSeconds(patience),
                Authorities = CaFileOf(parsed, session) is { } file ? CertificateFiles.ReadAuthorities(file) : null,
            };
    }

    private string? TokenOf(ParseResult parsed)
    {
        var file = parsed.GetValue(TokenFile)?.FullName ?? sessions.Variable("AEDILE_TOKEN_FILE");
        return file is null ? null : TextFile.ReadSecret(file);
    }
}
