namespace Orleans.Core;

/// <summary>Stored state of a grain.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The value in memory. Setting it stores nothing.</summary>
    TState State { get; set; }
}
