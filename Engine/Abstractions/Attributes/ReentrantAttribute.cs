namespace Orleans.Concurrency;

/// <summary>Any request of this grain class starts between the turns of a waiting one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
