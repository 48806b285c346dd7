using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Cli.Fleet;

/// <summary>What <c>check</c> takes for wrong. Pure.</summary>
internal static class CheckRules
{
    private static readonly TimeSpan ClockOffsetMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with the silos, one by one and with each other.</summary>
    public static IEnumerable<Finding> OfSilos(IReadOnlyList<SiloReading> silos)
    {
        foreach (var silo in silos)
        {
            if (silo.Trouble is { } trouble) yield return new Finding(silo.Silo, trouble);
            if (silo.ClockOffset is { } offset && offset.Duration() > ClockOffsetMax)
                yield return new Finding(
                    silo.Silo, $"its clock is {offset.Duration().TotalSeconds:0} s "
                    + $"{(offset > TimeSpan.Zero ? "ahead of" : "behind")} this machine's");
            if (silo.Model is not { } model) continue;
            if (!model.IsWritable) yield return new Finding(silo.Silo, "it can't reach the journal: no writes");
            if (model.AgeMs > AgeMax.TotalMilliseconds)
                yield return new Finding(
                    silo.Silo, $"its replica was last known to be the newest {model.AgeMs} ms ago");
        }

        foreach (var finding in OfReplicas([.. silos.Where(silo => silo.Model is not null)])) yield return finding;
    }

    /// <summary>Replicas that contradict each other, or are behind.</summary>
    public static IEnumerable<Finding> OfReplicas(IReadOnlyList<SiloReading> silos)
    {
        if (silos.Count == 0) yield break;
        var first = silos.MaxBy(silo => silo.Model!.Index)!;
        foreach (var silo in silos.Where(silo => silo != first))
        {
            var (one, other) = (first.Model!, silo.Model!);
            if (one.Timeline != other.Timeline)
                yield return new Finding(silo.Silo, $"its model is of another timeline than that of {first.Silo}");
            else if (one.Index != other.Index)
                yield return new Finding(
                    silo.Silo, $"its replica is at index {other.Index}, that of {first.Silo} at {one.Index}");
            else if (one.Digest != other.Digest || one.ContentDigest != other.ContentDigest)
                yield return new Finding(
                    silo.Silo, $"its model differs from that of {first.Silo} at the same index {one.Index}");
        }
    }

    /// <summary>Nodes that nobody hears of.</summary>
    public static IEnumerable<Finding> OfNodes(IEnumerable<NodeResource> nodes) =>
        nodes.Where(node => !node.Healthy).Select(node => new Finding(
            $"node {node.Name}",
            node.Since is null ? "was never seen" : $"has no session since {Output.At(node.Since)}"));

    /// <summary>A repository that isn't well; null when it is.</summary>
    public static Finding? OfRepository(RepositoryResource repository)
    {
        var name = $"repository {repository.VirtualStorage}/{repository.Path}";
        var outdated = repository.Replicas.Count(replica => replica is { Assigned: true, UpToDate: false });
        return repository.State switch
        {
            "creating" or "deleting" => null,
            "active" => outdated == 0 ? null : new Finding(name, $"{outdated} of its replicas are not up to date"),
            "readOnly" => new Finding(name, "takes no push: too few replicas are there"),
            "dataLoss" => new Finding(name, "no replica holds its newest version"),
            "registryRegressed" => new Finding(name, "its replicas know more than the database, which went back"),
            var other => new Finding(name, $"its state is {other}"),
        };
    }

    /// <summary>References that lead nowhere. The sequencer takes none, so there is one only after a fault.</summary>
    /// <param name="entities">All entities, as of one index.</param>
    public static IEnumerable<Finding> OfReferences(IReadOnlyCollection<Entity> entities)
    {
        var there = entities.Select(entity => entity.Key).ToHashSet();
        return
            from entity in entities
            from target in TargetsOf(entity.Spec)
            where !there.Contains(target)
            select new Finding(entity.Key.ToString(), $"refers to {target}, which isn't there");
    }

    private static IEnumerable<EntityKey> TargetsOf(EntitySpec spec) => spec switch
    {
        IdentitySpec identity =>
        [
            .. identity.Roles.Where(role => !BuiltInRoles.All.ContainsKey(role)).Select(EntityKey.Of<RoleSpec>),
            .. identity.External is { } account ? [EntityKey.Of<ExternalSignerSpec>(account.Signer)]
                : Array.Empty<EntityKey>(),
        ],
        AuthenticatorSpec authenticator => [EntityKey.Of<IdentitySpec>(authenticator.Identity)],
        VirtualStorageSpec storage => storage.Nodes.Select(node => node.Id).OfType<EntityId>()
            .Select(EntityKey.Of<NodeSpec>),
        RepositorySpec repository =>
        [
            EntityKey.Of<VirtualStorageSpec>(repository.VirtualStorage),
            .. repository.Nodes.Select(node => EntityKey.Of<NodeSpec>(EntityId.Parse(node.Value))),
        ],
        _ => [],
    };
}
