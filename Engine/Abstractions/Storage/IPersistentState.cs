using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>
/// Stored state, injected into a grain's constructor by <see cref="PersistentStateAttribute"/> and read before
/// <see cref="Grain.OnActivateAsync"/>. Use it only inside the grain's turns.
/// </summary>
public interface IPersistentState<TState> : IStorage<TState>;
