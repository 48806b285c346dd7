using System.Reflection;
using System.Runtime.CompilerServices;

namespace Aedile.Tests.Tidy;

/// <summary>
/// Writes types and members as the reference list does. Default values are left out of the comparison.
/// </summary>
internal static class SurfaceText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(char)] = "char",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(double)] = "double", [typeof(float)] = "float",
        [typeof(decimal)] = "decimal", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    public static string NameOf(Type type)
    {
        if (type.IsByRef || type.IsArray)
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsGenericParameter) return type.Name;

        // The list spells out only the namespaces of the packages themselves.
        var space = type.Namespace!.StartsWith("Orleans", StringComparison.Ordinal) ? type.Namespace + "." : "";
        var outer = type.IsNested ? NameOf(type.DeclaringType!) + "." : space;
        var name = outer + type.Name.Split('`')[0];
        return type.IsGenericType
            ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : name;
    }

    public static string Of(ConstructorInfo made) => $"{Access(made)} ctor({ParametersOf(made)})";

    public static string Of(FieldInfo field)
    {
        var modifier = field.IsLiteral ? "const " : field.IsStatic ? "static " : "";
        return $"public {modifier}{NameOf(field.FieldType)} {field.Name}";
    }

    public static string Of(PropertyInfo property)
    {
        var set = property.SetMethod is { IsPublic: true } or { IsFamily: true } ? " set;" : "";
        var modifier = property.GetMethod!.IsStatic ? "static " : "";
        var type = NameOf(property.PropertyType);
        return $"{Access(property.GetMethod)} {modifier}{type} {property.Name} {{ get;{set} }}";
    }

    public static string Of(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>"
            : "";
        var self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)} {Modifier(method)}{NameOf(method.ReturnType)} {method.Name}{generic}"
            + $"({self}{ParametersOf(method)})";
    }

    /// <summary>Takes the default values out of a line of the list.</summary>
    public static string WithoutDefaults(string line)
    {
        while (line.IndexOf(" = ", StringComparison.Ordinal) is var at && at > 0 && line.Contains('('))
        {
            var end = line.IndexOfAny([',', ')'], at);
            line = line[..at] + line[end..];
        }

        return line;
    }

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifier(MethodInfo method)
    {
        if (method.IsStatic) return "static ";
        return method.IsVirtual && !method.IsFinal && !method.DeclaringType!.IsInterface ? "virtual " : "";
    }

    private static string ParametersOf(MethodBase method) => string.Join(", ", method.GetParameters().Select(
        parameter => (parameter.ParameterType.IsByRef ? "ref " : "")
            + NameOf(parameter.ParameterType) + " " + parameter.Name));
}
