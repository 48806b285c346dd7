using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks a grain contract. Derive contracts from one of the interfaces that say what the key is.</summary>
public interface IGrain : IAddressable;
