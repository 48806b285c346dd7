using System.Collections.Concurrent;
using Aedile.Engine.Identity;
using Aedile.Engine.Invocation;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>Makes references whose calls leave through one silo or client.</summary>
internal sealed class GrainFactory(ICallHost host) : IClusterClient
{
    private readonly ConcurrentDictionary<Type, BoundContract> _contracts = [];

    public IServiceProvider ServiceProvider => host.Services;

    public ILogger Log => host.Log;

    /// <inheritdoc cref="ICallHost.NewId"/>
    public Guid NewId() => host.NewId();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(IAddressable)Make(typeof(TGrainInterface), grainClassNamePrefix, GrainKeys.From(primaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        typeof(TGrainInterface) == typeof(IManagementGrain)
            ? (TGrainInterface)host.Management
            : (TGrainInterface)(IAddressable)Make(
                typeof(TGrainInterface), grainClassNamePrefix, GrainKeys.From(primaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)(IAddressable)Make(typeof(TGrainInterface), grainClassNamePrefix, GrainKeys.From(primaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(IAddressable)ContractOf(typeof(TGrainInterface)).Refer(grainId);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)(IAddressable)Make(grainInterfaceType, null, GrainKeys.From(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        (IGrain)(IAddressable)Make(grainInterfaceType, null, GrainKeys.From(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        (IGrain)(IAddressable)Make(grainInterfaceType, null, GrainKeys.From(grainPrimaryKey));

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver =>
        GetGrain<TGrainObserverInterface>(host.Observers.Add(typeof(TGrainObserverInterface), obj));

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => host.Observers.Remove(obj);

    /// <summary>Returns the methods of a contract as this process calls them.</summary>
    public IReadOnlyList<BoundMethod> MethodsOf(Type contract) => ContractOf(contract).Shape.Methods;

    private GrainReference Make(Type contract, string? classNamePrefix, IdSpan key)
    {
        var bound = ContractOf(contract);
        var type = classNamePrefix is null
            ? bound.DefaultType.Value
            : host.Types.TypeFor(contract, classNamePrefix);
        return bound.Refer(new GrainId(type, key));
    }

    private BoundContract ContractOf(Type contract) => _contracts.GetOrAdd(contract, Bind);

    private BoundContract Bind(Type contract)
    {
        var compiled = host.Proxies.Compile(contract);
        var sender = typeof(IGrainObserver).IsAssignableFrom(contract) ? host.ObserverSender : host.Sender;
        BoundMethod[] methods =
        [
            .. compiled.Methods.Select(
                method => new BoundMethod(method, sender, LimitOf(method), host.OutgoingFilters)),
        ];
        foreach (var method in methods)
        {
            if (method.Definition.Companions is not var (next, end)) continue;
            method.Next = Array.Find(methods, other => other.Definition == next);
            method.End = Array.Find(methods, other => other.Definition == end);
        }

        var name = GrainInterfaceType.Create(ContractMethods.WireNameOf(contract));
        var shape = new ReferenceShape(name, contract.Name, methods, this);
        return new BoundContract(
            shape, compiled.Create, new Lazy<GrainType>(() => host.Types.TypeFor(contract, null)));
    }

    private int LimitOf(GrainMethod method) =>
        method.IsOneWay ? -1 : host.Deadlines.IndexOf(method.Timeout ?? host.ResponseTimeout);

    private sealed record BoundContract(
        ReferenceShape Shape, Func<ReferenceShape, GrainId, GrainReference> Create, Lazy<GrainType> DefaultType)
    {
        public GrainReference Refer(GrainId id) => Create(Shape, id);
    }
}
