namespace Orleans.Runtime;

/// <summary>
/// Names the state and the storage of an <see cref="IPersistentState{TState}"/> constructor parameter.
/// </summary>
/// <remarks>
/// The database keys a row by state name and grain key only: give each grain class its own state name.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null)
    : Attribute, IFacetMetadata, IPersistentStateConfiguration
{
    public string StateName { get; } = stateName;

    public string? StorageName { get; } = storageName;
}
