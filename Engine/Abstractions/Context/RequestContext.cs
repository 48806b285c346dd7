using System.Collections.Immutable;
using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;

namespace Orleans.Runtime;

/// <summary>Values that flow with calls: from the caller to everything it calls, never back.</summary>
public static class RequestContext
{
    // The API is static, so the flow has to be ambient. Nothing else in the engine is.
    private static readonly AsyncLocal<CallContext?> Ambient = new();

    public static IEnumerable<string> Keys => Values.Keys;

    public static IEnumerable<KeyValuePair<string, object>> Entries => Values;

    /// <summary>Names the open section of call-chain reentrancy; empty when there is none.</summary>
    public static Guid ReentrancyId
    {
        get => Current?.ReentrancyId ?? Guid.Empty;
        set => Current = CallContext.Of(value, Values);
    }

    internal static CallContext? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    private static ImmutableSortedDictionary<string, object> Values => Current?.Values ?? CallContext.NoValues;

    /// <returns>The value, or null when the key is not set.</returns>
    public static object? Get(string key) => Values.GetValueOrDefault(key);

    /// <summary>Sets a value for all later calls of this flow. It must be immutable: it may cross threads.</summary>
    public static void Set(string key, object value) =>
        Current = CallContext.Of(ReentrancyId, Values.SetItem(key, value));

    /// <returns>Whether the key was set.</returns>
    public static bool Remove(string key)
    {
        var rest = Values.Remove(key);
        var removed = !ReferenceEquals(rest, Values);
        if (removed) Current = CallContext.Of(ReentrancyId, rest);
        return removed;
    }

    public static void Clear() => Current = null;

    /// <summary>
    /// Lets calls that this flow makes until the section is disposed come back to this activation while it waits
    /// for them. Without it a call chain that returns to a waiting grain ends in a timeout.
    /// </summary>
    /// <remarks>Outside of a grain it does nothing, because nothing there could be re-entered.</remarks>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        if (ActivationScope.Current is not { } activation) return new ReentrancySection(original, original);
        var id = original == Guid.Empty ? activation.NewReentrancyId() : original;
        activation.EnterReentrantSection(id);
        ReentrancyId = id;
        return new ReentrancySection(original, id, activation);
    }

    /// <summary>Undoes <see cref="AllowCallChainReentrancy"/> until the section is disposed.</summary>
    public static ReentrancySection SuppressCallChainReentrancy()
    {
        var original = ReentrancyId;
        ReentrancyId = Guid.Empty;
        return new ReentrancySection(original, Guid.Empty);
    }

    /// <summary>Restores what was before, on disposal. Dispose it once, in the method that opened it.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _entered;
        private readonly IActivation? _activation;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
            : this(originalReentrancyId, newReentrancyId, null)
        {
        }

        internal ReentrancySection(Guid original, Guid entered, IActivation? activation)
        {
            _original = original;
            _entered = entered;
            _activation = activation;
        }

        public void Dispose()
        {
            _activation?.LeaveReentrantSection(_entered);
            if (ReentrancyId != _original) ReentrancyId = _original;
        }
    }
}
