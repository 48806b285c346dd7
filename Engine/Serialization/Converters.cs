using System.Reflection;
using Orleans;

namespace Aedile.Engine.Serialization;

/// <summary>Finds registered converters of foreign types.</summary>
internal static class Converters
{
    /// <summary>Returns (converter, value, surrogate) for each registration among <paramref name="types"/>.</summary>
    public static IEnumerable<(Type Converter, Type Value, Type Surrogate)> In(IEnumerable<Type> types) =>
        from type in types
        where type.IsDefined(typeof(RegisterConverterAttribute))
        from contract in type.GetInterfaces()
        where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConverter<,>)
        select (type, contract.GetGenericArguments()[0], contract.GetGenericArguments()[1]);
}
