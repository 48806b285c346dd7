using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aedile.Tests.Support;

namespace Aedile.Tests.Counters;

/// <summary>One counter silo, as a process that a test may stop, hang and kill.</summary>
internal sealed class CounterProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _console = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CounterProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it logged so far.</summary>
    public string Console
    {
        get
        {
            lock (_console) return _console.ToString();
        }
    }

    public static CounterProcess Launch(
        string name, int siloPort, int gatewayPort, ImmutableDictionary<string, string> variables)
    {
        var command = new Command(
            "dotnet", typeof(CounterProcess).Assembly.Location, CounterSilo.Command, name,
            siloPort.ToString(CultureInfo.InvariantCulture), gatewayPort.ToString(CultureInfo.InvariantCulture))
        {
            Variables = variables,
        };
        return new CounterProcess(name, command.Start());
    }

    /// <summary>Waits until it takes calls.</summary>
    public async Task WhenReady()
    {
        var ended = _process.WaitForExitAsync();
        var first = Task.WhenAny(_ready.Task, ended);
        if (await first.WaitAsync(StartLimit, TimeProvider.System) == ended)
            Assert.Fail($"{Name} ended with {_process.ExitCode}:\n{Console}");
    }

    /// <summary>Waits until it has ended by itself; its exit code.</summary>
    public async Task<int> WhenEnded(TimeSpan limit)
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(ended, Task.Delay(limit, TimeProvider.System)) != ended)
            Assert.Fail($"{Name} has not ended within {limit}:\n{Console}");
        return _process.ExitCode;
    }

    /// <summary>Waits until it has logged some words.</summary>
    public Task WhenSaid(string words) => Eventually.True(
        $"{Name} says '{words}'", StartLimit,
        () => Task.FromResult(Console.Contains(words, StringComparison.Ordinal)));

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        await Signals.Send("KILL", Pid);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task<int> Stop()
    {
        await Signals.Send("TERM", Pid);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP.</summary>
    public Task Hang() => Signals.Send("STOP", Pid);

    /// <summary>SIGCONT.</summary>
    public Task WakeUp() => Signals.Send("CONT", Pid);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_console) _console.AppendLine(line);
        if (line == CounterSilo.Ready) _ready.TrySetResult();
    }
}
