using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks the contract of an object that grains may call back.</summary>
public interface IGrainObserver : IAddressable;
