using System.Reflection;
using System.Reflection.Emit;

namespace Aedile.Engine.Invocation;

/// <summary>
/// Emits the call class of one method: a field for each argument, and an <c>Invoke</c> that uses them.
/// </summary>
internal static class CallEmitter
{
    private const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly FieldInfo Token = typeof(Call).GetField(nameof(Call.Token))!;

    /// <returns>The finished call class, whose fields are named <c>a0</c>, <c>a1</c> and so on.</returns>
    public static Type Emit(ModuleBuilder module, MethodInfo method, string name)
    {
        var parent = ParentOf(method);
        var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, parent);
        type.DefineDefaultConstructor(MethodAttributes.Public);

        var template = parent.GetMethod("Invoke", Inherited)!;
        var invoke = type.DefineMethod(
            template.Name, MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            method.ReturnType, [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var parameter in method.GetParameters())
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, IsToken(parameter) ? Token : DefineField(type, parameter));
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(invoke, template);
        return type.CreateType();
    }

    /// <summary>Returns where an argument is kept: cancellation travels apart from the other arguments.</summary>
    public static FieldInfo FieldOf(Type call, ParameterInfo parameter) =>
        IsToken(parameter) ? Token : call.GetField($"a{parameter.Position}")!;

    private static bool IsToken(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken);

    private static FieldBuilder DefineField(TypeBuilder type, ParameterInfo parameter) =>
        type.DefineField($"a{parameter.Position}", parameter.ParameterType, FieldAttributes.Public);

    private static Type ParentOf(MethodInfo method)
    {
        var returned = method.ReturnType;
        if (returned == typeof(Task)) return typeof(VoidTaskCall);
        if (returned == typeof(ValueTask)) return typeof(VoidValueTaskCall);
        var open = returned.GetGenericTypeDefinition() == typeof(Task<>) ? typeof(TaskCall<>) : typeof(ValueTaskCall<>);
        return open.MakeGenericType(returned.GetGenericArguments());
    }
}
