using System.Collections.Immutable;
using System.Diagnostics;

namespace Aedile.Tests.Support;

/// <summary>A program to run to its end, with nothing of the developer's git settings in its environment.</summary>
/// <param name="File">Program, found in PATH.</param>
/// <param name="Arguments">As the program gets them; no shell is between.</param>
public sealed record Command(string File, params string[] Arguments)
{
    /// <summary>Working folder; the test's own when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables beside those of the test.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the program reads from standard input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>After this time the program and its children are killed and the test fails.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Starts the program; the caller owns the process and must drain both streams.</summary>
    public Process Start()
    {
        var start = new ProcessStartInfo(File, Arguments)
        {
            WorkingDirectory = Folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{File} did not start.");
    }

    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within <see cref="Limit"/> and was killed.</exception>
    public async Task<CommandResult> Run()
    {
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Input);
            process.StandardInput.Close();
        }
        catch (IOException) { } // It ended without reading its input; its exit code tells why.

        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        try { await process.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{File} {string.Join(' ', Arguments)} ran longer than {Limit}:\n{await output}{await error}");
        }
        return new CommandResult($"{File} {string.Join(' ', Arguments)}", process.ExitCode, await output, await error);
    }
}

/// <summary>A program that ended.</summary>
/// <param name="Line">What was run, for messages.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record CommandResult(string Line, int ExitCode, string Output, string Error)
{
    /// <summary>Both streams.</summary>
    public string Text => Output + Error;

    /// <summary>Fails the test unless the program succeeded.</summary>
    public CommandResult MustSucceed()
    {
        if (ExitCode != 0) Assert.Fail($"{Line}: exit code {ExitCode}\n{Text}");
        return this;
    }

    /// <summary>Fails the test unless the program failed and said each of the words.</summary>
    public CommandResult MustFail(params string[] words)
    {
        if (ExitCode == 0) Assert.Fail($"{Line}: succeeded, but must fail\n{Text}");
        foreach (var word in words)
            Assert.True(
                Text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{Line}: no '{word}' in\n{Text}");
        return this;
    }
}
