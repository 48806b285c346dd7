namespace Orleans.Concurrency;

/// <summary>Requests of a method that changes nothing may run beside each other in one activation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;
