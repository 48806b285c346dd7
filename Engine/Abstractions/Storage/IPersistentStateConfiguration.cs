namespace Orleans.Runtime;

/// <summary>Where a grain's state is kept.</summary>
public interface IPersistentStateConfiguration
{
    string StateName { get; }

    /// <summary>The storage's name; null: the default one.</summary>
    string? StorageName { get; }
}
