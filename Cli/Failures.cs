using Aedile.Client.Gateway;

namespace Aedile.Cli;

/// <summary>The command line, or a file that it names, makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Says on standard error what went wrong, and by the exit code of which sort it is.</summary>
internal static class Failures
{
    /// <summary>Runs a command to its end.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Tell(Terminal terminal, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (UsageException error)
        {
            terminal.Complain(error.Message);
            return (int)ExitCode.Usage;
        }
        catch (ProblemException refusal)
        {
            terminal.Complain(Describe(refusal));
            return (int)(refusal is { Status: 503, Retryable: true } ? ExitCode.Unreachable : ExitCode.Refused);
        }
        catch (GatewayAwayException error)
        {
            terminal.Complain(error.Message);
            return (int)ExitCode.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file can't be read, or whoever read our output is gone.
            terminal.Complain(error.Message);
            return (int)ExitCode.Usage;
        }
    }

    private static string Describe(ProblemException refusal)
    {
        var field = refusal.Field is { } name ? $" [{name}]" : "";
        var advice = refusal switch
        {
            // A refused login is not helped by another one.
            { Type: "unauthorized" or "token-refused" } => " Log in with 'aedile login'.",
            { Retryable: true } => " It may work later.",
            _ => "",
        };
        return $"{refusal.Type}{field}: {refusal.Problem.Detail}{advice}";
    }
}
