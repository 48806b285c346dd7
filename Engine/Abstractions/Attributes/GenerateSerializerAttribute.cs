namespace Orleans;

/// <summary>
/// Lets a type cross the wire: members with <see cref="IdAttribute"/>, and the parameters of a record.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface)]
public sealed class GenerateSerializerAttribute : Attribute;
