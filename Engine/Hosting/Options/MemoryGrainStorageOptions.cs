namespace Orleans.Configuration;

/// <summary>Memory storage has nothing to configure here.</summary>
public class MemoryGrainStorageOptions;
