using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Keeps what is logged, for tests that read it.</summary>
internal sealed class LogBook : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Called after each line, on the thread that logs: it goes on when this returns.</summary>
    public Action? Logged { get; set; }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task<string> Line(string part)
    {
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } line) return line;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.Message}");
        Logged?.Invoke();
    }

    public void Dispose()
    {
    }
}
