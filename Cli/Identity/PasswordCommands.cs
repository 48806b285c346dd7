using System.CommandLine;
using Aedile.Cli.Model;
using Aedile.Client.Identity;

namespace Aedile.Cli.Identity;

/// <summary><c>identity password</c> and <c>identity enrol</c>.</summary>
internal static class PasswordCommands
{
    public static Command MakePassword(CommandFrame frame)
    {
        var id = ModelCommands.IdArgument();
        var file = new Option<FileInfo?>("--password-file")
        {
            Description = "File with the new password; else it is asked for, or read from a pipe.", HelpName = "FILE",
        };
        var own = new Option<FileInfo?>("--current-password-file")
        {
            Description = "File with the current one, with which everybody may change his own.", HelpName = "FILE",
        };
        return frame.Make("password", "Sets a password, 12 to 256 characters.", [id, file, own], async (run, ct) =>
        {
            var password = run.Get(file) is { } named
                ? TextFile.ReadSecret(named.FullName)
                : frame.Terminal.ReadSecret("new password");
            var current = run.Get(own) is { } old ? TextFile.ReadSecret(old.FullName) : null;
            await run.Client.Identity.SetPassword(run.Get(id), new SetPasswordRequest(password, current), ct);
            run.Output.Say($"{run.Get(id)} has a new password");
        });
    }

    public static Command MakeEnrol(CommandFrame frame)
    {
        var id = ModelCommands.IdArgument();
        var life = LifeOption("How long it may be used, as in 12h or 7d. Default: 7d.");
        return frame.Make(
            "enrol", "Makes a one-time token, by which it logs in and sets a password.", [id, life],
            async (run, ct) =>
            {
                var made = await run.Client.Identity.IssueEnrolment(run.Get(id), LifeOf(run.Get(life)), ct);
                run.Output.Show(
                    made, ("token", made.EnrolmentToken), ("expires", Output.At(made.ExpiresAt)),
                    ("authenticator", made.Authenticator.Value));
            });
    }

    /// <summary>An option with a time.</summary>
    public static Option<string?> LifeOption(string description) =>
        new("--life") { Description = description, HelpName = "TIME" };

    /// <summary>A time as people write it: a number and s, m, h or d; 68 years at most. Pure.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan? LifeOf(string? text)
    {
        if (text is null) return null;
        long unit = text.LastOrDefault() switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        // The API takes whole seconds in 32 bits.
        return unit > 0 && int.TryParse(text.AsSpan(..^1), out var count) && count > 0 && count * unit <= int.MaxValue
            ? TimeSpan.FromSeconds(count * unit)
            : throw NoTime(text);
    }

    private static UsageException NoTime(string text) => new($"'{text}' is no time: write 90s, 30m, 12h or 7d.");
}
