using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Aedile.Agent.Fleet;

/// <summary>Checks at start that the programs are there which the agent runs.</summary>
internal static partial class GitCheck
{
    private static readonly Version Oldest = new(2, 39);

    /// <summary>Looks for git and setpriv.</summary>
    /// <exception cref="StartException">One is missing or too old.</exception>
    public static void Require()
    {
        var text = Ask("git");
        var match = VersionPattern().Match(text);
        var version = match.Success
            ? new Version(
                int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : throw new StartException($"git does not tell its version: '{text.Trim()}'.");
        if (version < Oldest) throw new StartException($"git {version} is too old; {Oldest} or newer is needed.");
        Ask("setpriv");
    }

    private static string Ask(string program)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartException($"The program '{program}' is missing.", e);
        }
    }

    [GeneratedRegex(@"^git version (\d+)\.(\d+)")]
    private static partial Regex VersionPattern();
}
