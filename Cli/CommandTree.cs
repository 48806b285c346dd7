using System.CommandLine;
using Aedile.Cli.Fleet;
using Aedile.Cli.Identity;
using Aedile.Cli.Model;
using Aedile.Cli.Repositories;
using Aedile.Cli.Session;

namespace Aedile.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    private const string Description = """
        Aedile's command line: definitions, identities, repositories and the health of a fleet, over its REST API.

        Exit codes: 0 done; 1 refused, not found, or check found something; 2 the command line makes no sense;
        3 no gateway could be reached or could do it now; 130 ended by Ctrl-C.
        """;

    /// <summary>The root, ready to parse.</summary>
    public static RootCommand Make(CommandFrame frame)
    {
        var root = new RootCommand(Description)
        {
            frame.Address, frame.TokenFile, frame.CaFile, frame.Json, frame.Patience,
        };
        foreach (var command in SessionCommands.Make(frame)) root.Subcommands.Add(command);
        root.Subcommands.Add(ModelCommands.Make(frame));
        root.Subcommands.Add(IdentityCommands.Make(frame));
        root.Subcommands.Add(TokenCommands.Make(frame));
        root.Subcommands.Add(NodeCommands.Make(frame));
        root.Subcommands.Add(RepositoryCommands.Make(frame));
        root.Subcommands.Add(ChangesCommand.Make(frame));
        root.Subcommands.Add(CheckCommand.Make(frame));
        return root;
    }
}
