using System.Collections.Concurrent;
using System.Reflection;
using Aedile.Engine.Identity;
using Aedile.Engine.Invocation;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>Makes references whose calls leave through one silo.</summary>
internal sealed class GrainFactory(Silo silo) : IClusterClient
{
    private readonly ConcurrentDictionary<Type, BoundContract> _contracts = [];

    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(IAddressable)Make(typeof(TGrainInterface), grainClassNamePrefix, GrainKeys.From(primaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(IAddressable)Make(typeof(TGrainInterface), grainClassNamePrefix, GrainKeys.From(primaryKey));

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

    private GrainReference Make(Type contract, string? classNamePrefix, IdSpan key)
    {
        var bound = ContractOf(contract);
        var type = classNamePrefix is null
            ? bound.DefaultType.Value
            : silo.Manifest.TypeFor(contract, classNamePrefix);
        return bound.Refer(new GrainId(type, key));
    }

    private BoundContract ContractOf(Type contract) => _contracts.GetOrAdd(contract, Bind);

    private BoundContract Bind(Type contract)
    {
        var compiled = silo.Seams.Proxies.Compile(contract);
        var defaultLimit = silo.Messaging.ResponseTimeout;
        BoundMethod[] methods =
        [
            .. compiled.Methods.Select(method => new BoundMethod(
                method, silo.Sender, method.IsOneWay ? -1 : silo.Deadlines.IndexOf(method.Timeout ?? defaultLimit),
                silo.OutgoingFilters)),
        ];
        var alias = contract.GetCustomAttribute<AliasAttribute>()?.Alias ?? contract.FullName!;
        var shape = new ReferenceShape(GrainInterfaceType.Create(alias), contract.Name, methods, this);
        return new BoundContract(
            shape, compiled.Create, new Lazy<GrainType>(() => silo.Manifest.TypeFor(contract, null)));
    }

    private sealed record BoundContract(
        ReferenceShape Shape, Func<ReferenceShape, GrainId, GrainReference> Create, Lazy<GrainType> DefaultType)
    {
        public GrainReference Refer(GrainId id) => Create(Shape, id);
    }
}
