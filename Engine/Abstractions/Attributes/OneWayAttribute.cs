namespace Orleans.Concurrency;

/// <summary>The caller gets no answer and no error: its task completes when the call is on its way.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;
