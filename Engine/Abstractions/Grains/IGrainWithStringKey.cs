namespace Orleans;

/// <summary>A grain contract whose key is a text.</summary>
public interface IGrainWithStringKey : IGrain;
