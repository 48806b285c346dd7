using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aedile.Silo.Embedded;

/// <summary>Keeps one process running: starts it, and again after a pause when it ends, until told to stop.</summary>
internal sealed partial class Child(
    ChildSpec spec, SpawnThread spawn, ChildLog log, TimeProvider clock, Action changed, Action<string> say)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private Process? _process;

    /// <summary>What it is.</summary>
    public ChildSpec Spec => spec;

    /// <summary>Its process id; null while it does not run.</summary>
    public int? Pid { get; private set; }

    /// <summary>How often it ended.</summary>
    public int Ends { get; private set; }

    /// <summary>The last thing it said before it ended; for people, when it ends at once.</summary>
    public string LastWords { get; private set; } = "";

    /// <summary>Runs until <paramref name="stop"/>; then ends the process and returns.</summary>
    /// <param name="grace">How long the process may take to end by itself.</param>
    /// <param name="stop">Stops it.</param>
    public async Task Run(TimeSpan grace, CancellationToken stop)
    {
        var pause = PauseMin;
        while (!stop.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            var code = await RunOnce(grace, stop);
            if (stop.IsCancellationRequested) return;

            Ends++;
            // Someone else may run it by hand (then it ends at once, its folder is in use): ask again, ever more
            // slowly.
            pause = clock.GetElapsedTime(started) > StableAfter ? PauseMin : pause;
            say($"{spec.Name} ended with code {code}; starting it again in {pause.TotalSeconds:0} s. {LastWords}");
            try
            {
                await Task.Delay(pause, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    private async Task<int> RunOnce(TimeSpan grace, CancellationToken stop)
    {
        if (await spec.Prepare(stop) is { } why)
        {
            LastWords = why;
            return -1;
        }
        var info = new ProcessStartInfo(spec.Program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var argument in spec.Arguments) info.ArgumentList.Add(argument);
        try
        {
            _process = await spawn.Start(info);
        }
        catch (Win32Exception error)
        {
            LastWords = error.Message;
            return -1;
        }

        using var process = _process;
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Pid = process.Id;
        changed();
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await End(process, grace);
        }
        Pid = null;
        changed();
        return process.ExitCode;
    }

    private async Task End(Process process, TimeSpan grace)
    {
        _ = Signal(process.Id, spec.StopSignal);
        using var limit = new CancellationTokenSource(grace, clock);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            say($"{spec.Name} did not stop within {grace.TotalSeconds:0} s and is killed.");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        log.Write(line);
        if (!string.IsNullOrWhiteSpace(line)) LastWords = line.Trim();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
