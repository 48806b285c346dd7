namespace Orleans.Runtime;

/// <summary>Anything that can be called through the runtime: grains and observers.</summary>
public interface IAddressable;
