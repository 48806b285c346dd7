using System.Reflection;

namespace Aedile.Engine.Invocation;

/// <summary>
/// The methods of a contract, its inherited ones included, in an order that never depends on the machine.
/// </summary>
internal static class ContractMethods
{
    public static IReadOnlyList<MethodInfo> Of(Type contract) =>
    [
        .. contract.GetInterfaces().Append(contract)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(method => method.IsAbstract)
                .OrderBy(method => method.ToString(), StringComparer.Ordinal)),
    ];

    /// <summary>Returns the type of the answer: null for none.</summary>
    /// <param name="method">A method of a contract.</param>
    /// <param name="isSupported">Whether calls can return this type at all.</param>
    public static Type? ResultOf(MethodInfo method, out bool isSupported)
    {
        var type = method.ReturnType;
        isSupported = true;
        if (type == typeof(Task) || type == typeof(ValueTask)) return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)))
        {
            return type.GetGenericArguments()[0];
        }

        isSupported = false;
        return null;
    }
}
