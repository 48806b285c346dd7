using System.Reflection;
using System.Reflection.Emit;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>Emits the proxy class of one contract.</summary>
internal sealed class ProxyEmitter
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly MethodInfo Invoke = typeof(GrainReference).GetMethod("Invoke", Internal)!;
    private static readonly MethodInfo Enumerate = typeof(GrainReference).GetMethod("Enumerate", Internal)!;
    private static readonly MethodInfo InvokeOneWay = typeof(GrainReference).GetMethod("InvokeOneWay", Internal)!;
    private static readonly MethodInfo ReferenceCheck =
        typeof(CallArguments).GetMethod(nameof(CallArguments.RequireReference))!;

    private static readonly ConstructorInfo Parent = typeof(GrainReference).GetConstructors(Internal)[0];

    private readonly TypeBuilder _type;
    private readonly ConstructorBuilder _constructor;

    public ProxyEmitter(ModuleBuilder module, Type contract, int number)
    {
        Name = $"{contract.FullName}#{number}";
        _type = module.DefineType(
            Name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference),
            [contract, .. contract.GetInterfaces()]);
        _constructor = _type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.HasThis, [typeof(ReferenceShape), typeof(GrainId)]);
        var il = _constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, Parent);
        il.Emit(OpCodes.Ret);
    }

    public string Name { get; }

    public void AddMethod(MethodInfo method, Type call, int number)
    {
        var parameters = method.GetParameters();
        var body = _type.DefineMethod(
            $"{method.Name}#{number}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot,
            method.ReturnType, [.. parameters.Select(parameter => parameter.ParameterType)]);
        var il = body.GetILGenerator();

        // this, new call { fields = arguments }, number
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.GetConstructor(Type.EmptyTypes)!);
        foreach (var parameter in parameters)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(parameter.Position + 1));
            if (IsObserver(parameter.ParameterType))
                il.Emit(OpCodes.Call, ReferenceCheck.MakeGenericMethod(parameter.ParameterType));
            il.Emit(OpCodes.Stfld, CallEmitter.FieldOf(call, parameter));
        }

        il.Emit(OpCodes.Ldc_I4, number);
        if (ContractMethods.IsOneWay(method)) EmitOneWay(il, method.ReturnType);
        else if (ContractMethods.IsEnumeration(method)) EmitEnumerate(il, method);
        else EmitSend(il, method);
        il.Emit(OpCodes.Ret);
        _type.DefineMethodOverride(body, method);
    }

    /// <summary>Returns a static method that makes a proxy.</summary>
    public MethodInfo Build()
    {
        var create = _type.DefineMethod(
            "Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference),
            [typeof(ReferenceShape), typeof(GrainId)]);
        var il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, _constructor);
        il.Emit(OpCodes.Ret);
        return _type.CreateType().GetMethod("Create")!;
    }

    private static void EmitSend(ILGenerator il, MethodInfo method)
    {
        var result = ContractMethods.ResultOf(method, out _) ?? typeof(Nothing);
        il.Emit(OpCodes.Call, Invoke.MakeGenericMethod(result));
        if (method.ReturnType.IsValueType)
        {
            var answer = method.ReturnType.IsGenericType ? typeof(Task<>).MakeGenericType(result) : typeof(Task);
            il.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([answer])!);
        }
    }

    private static void EmitEnumerate(ILGenerator il, MethodInfo method) =>
        il.Emit(OpCodes.Call, Enumerate.MakeGenericMethod(ContractMethods.ResultOf(method, out _)!));

    private static void EmitOneWay(ILGenerator il, Type returned)
    {
        il.Emit(OpCodes.Call, InvokeOneWay);
        if (returned == typeof(void)) il.Emit(OpCodes.Pop);
        else if (returned == typeof(ValueTask))
            il.Emit(OpCodes.Newobj, typeof(ValueTask).GetConstructor([typeof(Task)])!);
    }

    private static bool IsObserver(Type parameter) =>
        parameter.IsInterface && typeof(IGrainObserver).IsAssignableFrom(parameter);
}
