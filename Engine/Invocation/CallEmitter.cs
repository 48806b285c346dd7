using System.Reflection;
using System.Reflection.Emit;
using Aedile.Engine.Enumerations;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Invocation;

/// <summary>
/// Emits the call class of one method: a field for each argument, an <c>Invoke</c> that uses them, and how they are
/// written and read.
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
        var parameters = method.GetParameters();
        var fields = parameters.Select(parameter =>
            IsToken(parameter) ? Token : DefineField(type, parameter)).ToList();

        var template = parent.GetMethod("Invoke", Inherited)!;
        var invoke = type.DefineMethod(
            template.Name, MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            method.ReturnType, [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(invoke, template);

        var arguments = HiddenOf(parent).Concat(fields.Where(field => field != Token)).ToList();
        EmitWrite(type, arguments);
        EmitRead(type, arguments);
        return type.CreateType();
    }

    /// <summary>Returns where an argument is kept: cancellation travels apart from the other arguments.</summary>
    public static FieldInfo FieldOf(Type call, ParameterInfo parameter) =>
        IsToken(parameter) ? Token : call.GetField($"a{parameter.Position}")!;

    // What the engine adds to the arguments stands first: contracts add parameters at the end.
    private static FieldInfo[] HiddenOf(Type parent) =>
        parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(EnumerationStart<>)
            ? [parent.GetField(nameof(EnumerationStart<>.Id))!, parent.GetField(nameof(EnumerationStart<>.BatchSize))!]
            : [];

    private static void EmitWrite(TypeBuilder type, List<FieldInfo> arguments)
    {
        var il = Override(type, nameof(Call.WriteArguments), [typeof(WireWriter), typeof(object[])]);
        for (var at = 0; at < arguments.Count; at++)
        {
            // CallArguments.Write(writer, codecs[at], field)
            il.Emit(OpCodes.Ldarg_1);
            EmitCodec(il, at);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, arguments[at]);
            il.Emit(OpCodes.Call, HelperFor(nameof(CallArguments.Write), arguments[at]));
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitRead(TypeBuilder type, List<FieldInfo> arguments)
    {
        var il = Override(type, nameof(Call.ReadArguments), [typeof(WireReader), typeof(object[]), typeof(int)]);
        for (var at = 0; at < arguments.Count; at++)
        {
            // field = CallArguments.Read(reader, codecs[at], at, count)
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            EmitCodec(il, at);
            il.Emit(OpCodes.Ldc_I4, at);
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Call, HelperFor(nameof(CallArguments.Read), arguments[at]));
            il.Emit(OpCodes.Stfld, arguments[at]);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitCodec(ILGenerator il, int at)
    {
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, at);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    private static MethodInfo HelperFor(string name, FieldInfo argument) =>
        typeof(CallArguments).GetMethod(name)!.MakeGenericMethod(argument.FieldType);

    private static ILGenerator Override(TypeBuilder type, string name, Type[] parameters)
    {
        var method = type.DefineMethod(
            name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            typeof(void), parameters);
        type.DefineMethodOverride(method, typeof(Call).GetMethod(name)!);
        return method.GetILGenerator();
    }

    private static bool IsToken(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken);

    private static FieldBuilder DefineField(TypeBuilder type, ParameterInfo parameter) =>
        type.DefineField($"a{parameter.Position}", parameter.ParameterType, FieldAttributes.Public);

    private static Type ParentOf(MethodInfo method)
    {
        var returned = method.ReturnType;
        if (returned == typeof(Task)) return typeof(VoidTaskCall);
        if (returned == typeof(void)) return typeof(VoidCall);
        if (returned == typeof(ValueTask)) return typeof(VoidValueTaskCall);
        var definition = returned.GetGenericTypeDefinition();
        var open = definition == typeof(Task<>) ? typeof(TaskCall<>)
            : definition == typeof(ValueTask<>) ? typeof(ValueTaskCall<>)
            : typeof(EnumerationStart<>);
        return open.MakeGenericType(returned.GetGenericArguments());
    }
}
