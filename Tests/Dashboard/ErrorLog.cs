using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Dashboard;

/// <summary>Keeps what was logged as an error and shows it on the console.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Blazor calls it a warning when a page breaks; here it is an error.</summary>
    public static bool IsError(string? category, LogLevel level) =>
        level >= LogLevel.Error
        || (level == LogLevel.Warning
            && category?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) == true);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true; // The filter decides.

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var text = $"{formatter(state, exception)} {exception}";
        _errors.Enqueue(text);
        Console.Error.WriteLine(text);
    }

    public void Dispose() { }
}
