using System.Reflection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Aedile.Engine.Serialization;

/// <summary>The exception types that may be made from the wire.</summary>
internal sealed class KnownExceptions
{
    // The engine has exceptions that only it may make.
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] Framework =
    [
        typeof(Exception), typeof(ArgumentException), typeof(ArgumentNullException),
        typeof(ArgumentOutOfRangeException), typeof(FormatException), typeof(InvalidOperationException),
        typeof(IOException), typeof(KeyNotFoundException), typeof(NotImplementedException),
        typeof(NotSupportedException), typeof(ObjectDisposedException), typeof(OperationCanceledException),
        typeof(TaskCanceledException), typeof(TimeoutException), typeof(UnauthorizedAccessException),
        typeof(OrleansException), typeof(SiloUnavailableException), typeof(InconsistentStateException),
        typeof(ReminderException), typeof(ClientNotAvailableException),
        typeof(EnumerationAbortedException),
    ];

    private readonly Dictionary<string, Func<string, Exception?, Exception>> _makers = new(StringComparer.Ordinal);

    /// <param name="types">The application's types; the exceptions among them become known.</param>
    public KnownExceptions(IEnumerable<Type> types)
    {
        foreach (var type in Framework.Concat(types.Where(type => typeof(Exception).IsAssignableFrom(type))))
        {
            if (MakerOf(type) is { } maker) _makers.TryAdd(type.FullName!, maker);
        }
    }

    public Exception Make(string type, string message, Exception? cause) =>
        _makers.TryGetValue(type, out var make)
            ? make(message, cause)
            : new OrleansException($"{type}: {message}", cause);

    private static Func<string, Exception?, Exception>? MakerOf(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters) return null;
        if (type.GetConstructor(Instance, [typeof(string), typeof(Exception)]) is { } full)
            return (message, cause) => (Exception)full.Invoke([message, cause]);
        return type.GetConstructor(Instance, [typeof(string)]) is { } plain
            ? (message, _) => (Exception)plain.Invoke([message])
            : null;
    }
}
