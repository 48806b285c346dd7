using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Aedile.Engine.Enumerations;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>Emits a proxy class for each contract and a call class for each of its methods, once.</summary>
/// <remarks>
/// A proxy's method fills the fields of a new call object and sends it; the call's <c>Invoke</c> reads them back
/// and calls the grain. No argument is boxed, and nothing is looked up by name while calls are made.
/// </remarks>
internal sealed class ProxyCompiler
{
    private readonly Lock _emitting = new();
    private readonly ConcurrentDictionary<Type, CompiledContract> _compiled = [];
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;

    public ProxyCompiler()
    {
        _assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Aedile.Engine.Proxies"), AssemblyBuilderAccess.Run);
        _module = _assembly.DefineDynamicModule("Proxies");
        Open(typeof(ProxyCompiler).Assembly);
    }

    /// <exception cref="InvalidOperationException">The contract can't be called; the text says why.</exception>
    public CompiledContract Compile(Type contract)
    {
        if (_compiled.TryGetValue(contract, out var known)) return known;
        lock (_emitting)
        {
            return _compiled.GetOrAdd(contract, Emit);
        }
    }

    private CompiledContract Emit(Type contract)
    {
        ContractRules.CheckMethods(contract);
        var methods = ContractMethods.Of(contract);
        OpenAll(contract, methods);

        var proxy = new ProxyEmitter(_module, contract, _compiled.Count);
        var names = ContractMethods.WireNamesOf(methods);
        var known = new List<GrainMethod>();
        var companions = new List<GrainMethod>();
        for (var number = 0; number < methods.Count; number++)
        {
            var call = CallEmitter.Emit(_module, methods[number], proxy.Name + "." + methods[number].Name + number);
            proxy.AddMethod(methods[number], call, number);
            known.Add(ContractMethods.IsEnumeration(methods[number])
                ? Enumerated(contract, methods[number], names[number], call, companions)
                : new GrainMethod(contract, methods[number], names[number], call));
        }

        known.AddRange(companions); // Behind the others, which the proxy knows by their numbers.

        var create = proxy.Build().CreateDelegate<Func<ReferenceShape, GrainId, GrainReference>>();
        return new CompiledContract(contract, known, create);
    }

    private static GrainMethod Enumerated(
        Type contract, MethodInfo method, string name, Type call, List<GrainMethod> companions)
    {
        var item = ContractMethods.ResultOf(method, out _)!;
        var next = new GrainMethod(
            contract, method, name + "~next", typeof(EnumerationNext<>).MakeGenericType(item), EnumerationRole.Next);
        var end = new GrainMethod(contract, method, name + "~end", typeof(EnumerationEnd), EnumerationRole.End);
        companions.AddRange([next, end]);
        return new GrainMethod(contract, method, name, call, EnumerationRole.Start) { Companions = (next, end) };
    }

    // Contracts and their types may be internal to their assembly.
    private void OpenAll(Type contract, IEnumerable<MethodInfo> methods)
    {
        Open(contract.Assembly);
        foreach (var method in methods)
        {
            Open(method.DeclaringType!.Assembly);
            OpenType(method.ReturnType);
            foreach (var parameter in method.GetParameters()) OpenType(parameter.ParameterType);
        }
    }

    private void OpenType(Type type)
    {
        Open(type.Assembly);
        foreach (var argument in type.GetGenericArguments()) OpenType(argument);
    }

    private void Open(Assembly assembly)
    {
        if (!_opened.Add(assembly.FullName!)) return;
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        _assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [assembly.GetName().Name!]));
    }
}
