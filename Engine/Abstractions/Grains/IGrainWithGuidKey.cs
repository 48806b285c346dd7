namespace Orleans;

/// <summary>A grain contract whose key is a <see cref="Guid"/>.</summary>
public interface IGrainWithGuidKey : IGrain;
