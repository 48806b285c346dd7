namespace Orleans;

/// <summary>Marks an attribute that says how a grain's constructor parameter is made.</summary>
public interface IFacetMetadata;
