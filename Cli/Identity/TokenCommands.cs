using System.CommandLine;
using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Cli.Identity;

/// <summary><c>token</c>: access tokens. Silos keep none of them, so there is no list.</summary>
internal static class TokenCommands
{
    public static Command Make(CommandFrame frame) => new("token", "Access tokens.")
    {
        MakeCreate(frame),
        MakeRevoke(frame),
    };

    private static Command MakeCreate(CommandFrame frame)
    {
        var identity = new Option<string?>("--identity")
        {
            Description = "Whose. Default: one's own.", HelpName = "ID",
        };
        var roles = new Option<string[]>("--role")
        {
            Description = "Only these roles of it; may be given again.", HelpName = "ROLE",
        };
        var life = PasswordCommands.LifeOption("How long it lives, as in 12h. Default: as long as a login.");
        return frame.Make("create", "Makes a token, and shows it once.", [identity, roles, life], async (run, ct) =>
        {
            var request = new IssueTokenRequest(
                run.Get(identity) is { } text ? Parse(text) : null,
                run.Get(roles) is { Length: > 0 } named ? [.. named.Select(Parse)] : null,
                (int?)PasswordCommands.LifeOf(run.Get(life))?.TotalSeconds);
            var token = await run.Client.Identity.Issue(request, ct);
            run.Output.Show(
                token, ("token", token.Token), ("id", token.Id.ToString()), ("identity", token.Identity.Value),
                ("roles", string.Join(',', token.Roles)), ("expires", Output.At(token.ExpiresAt)));
        });
    }

    private static Command MakeRevoke(CommandFrame frame)
    {
        var id = new Argument<string>("TOKEN-ID")
        {
            Description = "Its id, not its text; write -- before one that begins with a dash.",
        };
        return frame.Make("revoke", "Takes a token back.", [id], async (run, ct) =>
        {
            if (!TokenId.TryParse(run.Get(id), null, out var token))
                throw new UsageException($"'{run.Get(id)}' is no token's id.");
            await run.Client.Identity.Revoke(token, ct);
            run.Output.Say($"revoked {token}");
        });
    }

    private static EntityId Parse(string text) => EntityId.TryParse(text, null, out var id)
        ? id
        : throw new UsageException($"'{text}' is no id.");
}
