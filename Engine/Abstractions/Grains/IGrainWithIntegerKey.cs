namespace Orleans;

/// <summary>A grain contract whose key is a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain;
