using System.Diagnostics;

namespace Aedile.Benchmarks.Git;

/// <summary>Runs programs with nothing of the developer's git settings in their environment.</summary>
internal sealed class Tool(string home)
{
    /// <summary>Starts a program in the background; its output is thrown away.</summary>
    public Process Start(string file, params IEnumerable<string> arguments)
    {
        var process = Begin(file, "", arguments);
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> Run(string folder, string file, params IEnumerable<string> arguments)
    {
        using var process = Begin(file, folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return (await output).Trim();
        var line = $"{file} {string.Join(' ', arguments)}";
        throw new InvalidOperationException($"{line} failed: {await output}{await error}");
    }

    /// <summary>Starts a program; the caller reads both streams.</summary>
    public Process Begin(string file, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        return Process.Start(start)!;
    }
}
