using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Orleans.Runtime;

namespace Aedile.Engine.Client;

/// <summary>The grain classes of the fleet, as a gateway told them.</summary>
internal sealed class RemoteGrainTypes(ClassesReply known) : IGrainTypes
{
    public GrainType TypeFor(Type contract, string? classNamePrefix)
    {
        var name = ContractMethods.WireNameOf(contract);
        var fitting = known.Classes
            .Where(hosted => hosted.Contracts.Contains(name))
            .Where(hosted => hosted.ClassName.StartsWith(classNamePrefix ?? "", StringComparison.Ordinal)).ToList();
        return fitting switch
        {
            [var only] => GrainType.Create(only.GrainType),
            [] => throw new ArgumentException($"No silo hosts a grain class that implements {contract}."),
            _ => throw new ArgumentException($"Several grain classes implement {contract}: "
                + $"{string.Join(", ", fitting.Select(hosted => hosted.ClassName))}. Say which by its class name."),
        };
    }
}
