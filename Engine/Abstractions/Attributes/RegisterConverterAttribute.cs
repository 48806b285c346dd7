namespace Orleans;

/// <summary>
/// Registers an <see cref="IConverter{TValue, TSurrogate}"/>, by which a foreign type crosses the wire.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegisterConverterAttribute : Attribute;
