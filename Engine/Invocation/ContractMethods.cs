using System.Reflection;
using Orleans;
using Orleans.Concurrency;

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

    /// <summary>
    /// Returns what calls from other processes name each method: its alias, or its name; with the types of its
    /// parameters only where that would name two of them.
    /// </summary>
    public static IReadOnlyList<string> WireNamesOf(IReadOnlyList<MethodInfo> methods)
    {
        var plain = methods
            .Select(method => method.GetCustomAttribute<AliasAttribute>()?.Alias ?? method.Name).ToList();
        return
        [
            .. plain.Select((name, at) => plain.Count(other => other == name) == 1
                ? name
                : $"{name}({string.Join(',', methods[at].GetParameters().Select(p => p.ParameterType.ToString()))})"),
        ];
    }

    /// <summary>Returns what calls from other processes name a contract: its alias, or its full name.</summary>
    public static string WireNameOf(Type contract) =>
        contract.GetCustomAttribute<AliasAttribute>()?.Alias ?? contract.FullName!;

    /// <summary>Whether nobody waits for an answer: it says so, or can't return one.</summary>
    public static bool IsOneWay(MethodInfo method) =>
        method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);

    /// <summary>Whether callers enumerate what it yields.</summary>
    public static bool IsEnumeration(MethodInfo method) => method.ReturnType.IsGenericType
        && method.ReturnType.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    /// <summary>Returns the type of the answer, or of each item of it: null for none.</summary>
    /// <param name="method">A method of a contract.</param>
    /// <param name="isSupported">Whether calls can return this type at all.</param>
    public static Type? ResultOf(MethodInfo method, out bool isSupported)
    {
        var type = method.ReturnType;
        isSupported = true;
        if (type == typeof(Task) || type == typeof(ValueTask) || type == typeof(void)) return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)
                || definition == typeof(IAsyncEnumerable<>)))
        {
            return type.GetGenericArguments()[0];
        }

        isSupported = false;
        return null;
    }
}
