namespace Orleans;

/// <summary>Carries a type that cannot be annotated as one that can. Both ways are pure and lose nothing.</summary>
/// <typeparam name="TValue">The foreign type.</typeparam>
/// <typeparam name="TSurrogate">A struct with <see cref="GenerateSerializerAttribute"/> that stands for it.</typeparam>
public interface IConverter<TValue, TSurrogate>
    where TSurrogate : struct
{
    TValue ConvertFromSurrogate(in TSurrogate surrogate);

    TSurrogate ConvertToSurrogate(in TValue value);
}
