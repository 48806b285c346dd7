namespace Orleans.Concurrency;

/// <summary>Requests of this method start between the turns of any waiting request.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;
