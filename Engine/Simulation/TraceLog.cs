using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Simulation;

/// <summary>Writes the production code's log into the trace, for readers only.</summary>
internal sealed class TraceLog(Trace trace, string who) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => trace.IsKept;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!trace.IsKept) return;
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        trace.Say(who, $"[{logLevel} {eventId.Id}] {formatter(state, exception)}{cause}");
    }
}

/// <summary>Gives every category the same log.</summary>
internal sealed class TraceLogs(Trace trace, string who) : ILoggerFactory, ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new TraceLog(trace, who);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }
}
