using System.CommandLine;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;

namespace Aedile.Cli.Session;

/// <summary><c>login</c>, <c>logout</c> and <c>whoami</c>.</summary>
internal static class SessionCommands
{
    public static IEnumerable<Command> Make(CommandFrame frame)
    {
        yield return MakeLogin(frame);
        yield return frame.Make("logout", "Takes the session's token back, and forgets it.", [], async (run, ct) =>
        {
            if (frame.Sessions.Read() is not { } session) throw new UsageException("There is no session.");
            // A static token can't be taken back, and must not be: it is the fleet's.
            if (TokenId.TryParse(session.TokenId, null, out var id)) await run.Client.Identity.Revoke(id, ct);
            frame.Sessions.Delete();
            run.Output.Say("logged out");
        });
        yield return frame.Make("whoami", "Shows the session.", [], (run, _) =>
        {
            if (frame.Sessions.Read() is not { } session) throw new UsageException("There is no session; log in.");
            run.Output.Show(
                session with { Token = "" }, ("identity", session.Identity ?? "(static token)"),
                ("addresses", string.Join(", ", session.Addresses)), ("expires", Output.At(session.ExpiresAt)));
            return Task.CompletedTask;
        });
    }

    private static Command MakeLogin(CommandFrame frame)
    {
        var name = new Option<string?>("--name", "-n")
        {
            Description = "Whose password is asked for.", HelpName = "NAME",
        };
        var password = new Option<FileInfo?>("--password-file")
        {
            Description = "File with the password; else it is asked for, or read from a pipe.", HelpName = "FILE",
        };
        var enrolment = new Option<FileInfo?>("--enrolment-file")
        {
            Description = "File with a one-time token, as DATA/admin.enrolment; a password is set with it.",
            HelpName = "FILE",
        };
        var withoutPassword = new Option<bool>("--no-password") { Description = "With a one-time token: set none." };
        var certificate = new Option<FileInfo?>("--certificate")
        {
            Description = "File with a client certificate (PEM) that 'identity certificate' made a login.",
            HelpName = "FILE",
        };
        var key = new Option<FileInfo?>("--key")
        {
            Description = "File with the certificate's key (PEM). Default: the same file.", HelpName = "FILE",
        };
        var external = new Option<FileInfo?>("--external-token-file")
        {
            Description = "File with an ID token of an external signer.", HelpName = "FILE",
        };
        var fixedToken = new Option<FileInfo?>("--static-token-file")
        {
            Description = "File with a static token, as DATA/admin.token; it is tried and kept.", HelpName = "FILE",
        };
        return frame.Make(
            "login", "Logs in, and keeps the token for later commands.",
            [name, password, enrolment, withoutPassword, certificate, key, external, fixedToken], async (run, ct) =>
            {
                var ways = (Option[])[name, enrolment, certificate, external, fixedToken];
                if (ways.Count(way => run.Parsed.GetResult(way) is not null) != 1)
                    throw new UsageException(
                        "Say how: --name, --enrolment-file, --certificate, --external-token-file or "
                        + "--static-token-file.");
                var session = run.Get(fixedToken) is { } file
                    ? new StoredSession([], TextFile.ReadSecret(file.FullName), null, null, null)
                    : Describe(run.Get(certificate) is { } shown
                        ? await LogIn(run, frame, shown, run.Get(key), ct)
                        : await LogIn(run, frame, (name, password, enrolment, withoutPassword, external), ct));
                run.Client.Token = session.Token;
                var caFile = frame.CaFileOf(run.Parsed, frame.Sessions.Read());
                session = session with { Addresses = [.. await AddressesOf(run, frame, ct)], CaFile = caFile };
                frame.Sessions.Write(session);
                run.Output.Show(
                    session with { Token = "" }, ("identity", session.Identity ?? "(static token)"),
                    ("expires", Output.At(session.ExpiresAt)));
            });
    }

    private static Task<TokenResource> LogIn(
        CommandRun run, CommandFrame frame,
        (Option<string?> Name, Option<FileInfo?> Password, Option<FileInfo?> Enrolment, Option<bool> Without,
            Option<FileInfo?> External) options, CancellationToken cancellation)
    {
        if (run.Get(options.External) is { } external)
            return run.Client.Identity.Login(
                new LoginRequest(ExternalToken: TextFile.ReadSecret(external.FullName)), cancellation);
        string AskPassword(string prompt) => run.Get(options.Password) is { } file
            ? TextFile.ReadSecret(file.FullName)
            : frame.Terminal.ReadSecret(prompt);
        if (run.Get(options.Enrolment) is not { } enrolment)
            return run.Client.Identity.Login(
                new LoginRequest(run.Get(options.Name), AskPassword("password")), cancellation);
        var token = TextFile.ReadSecret(enrolment.FullName);
        return run.Client.Identity.Enrol(
            new EnrolRequest(token, run.Get(options.Without) ? null : AskPassword("new password")), cancellation);
    }

    private static async Task<TokenResource> LogIn(
        CommandRun run, CommandFrame frame, FileInfo certificate, FileInfo? key, CancellationToken cancellation)
    {
        using var shown = CertificateFiles.ReadWithKey(
            certificate.FullName, key?.FullName, () => frame.Terminal.ReadSecret("password of the key"));
        using var client = frame.ConnectWith(shown, run);
        return await client.Identity.LoginByCertificate(cancellation);
    }

    private static StoredSession Describe(TokenResource token) =>
        new([], token.Token, token.Identity.Value, token.Id.ToString(), token.ExpiresAt);

    // Those that were named, then the other silos: a session outlives the silo that it was made with.
    private static async Task<IEnumerable<Uri>> AddressesOf(
        CommandRun run, CommandFrame frame, CancellationToken cancellation)
    {
        var named = frame.AddressesOf(run.Parsed, frame.Sessions.Read());
        try
        {
            var fleet = await run.Client.Fleet.Describe(cancellation);
            return named.Concat(fleet.Silos.Select(silo => silo.Address).OfType<Uri>()).Distinct();
        }
        catch (ProblemException refusal) when (refusal.Status is 403)
        {
            return named; // A token that may not look at the fleet is still a good one.
        }
    }
}
