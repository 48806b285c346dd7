using System.Collections.Frozen;
using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Grains.Model.Kinds;

/// <summary>A value that a kind's rules don't allow.</summary>
/// <param name="Field">Path of the field, as in <c>spec.replicationFactor</c>.</param>
/// <param name="Detail">What is allowed, for people.</param>
public sealed record Flaw(string Field, string Detail);

/// <summary>A spec's word about another entity, which must be there as long as it stands.</summary>
/// <param name="Target">The other entity.</param>
/// <param name="Field">Path of the field.</param>
public readonly record struct Reference(EntityKey Target, string Field);

/// <summary>What the entities of one kind must fulfil. Pure.</summary>
public abstract class KindRules
{
    private static readonly FrozenDictionary<EntityKind, KindRules> All = ((ImmutableArray<KindRules>)
    [
        new AuthenticatorRules(),
        new CertificateAuthorityRules(),
        new ExternalSignerRules(),
        new FleetRules(),
        new IdentitySpecRules(),
        new NodeRules(),
        new RepositoryRules(),
        new RevocationRules(),
        new RoleRules(),
        new SigningKeyRules(),
        new VirtualStorageRules(),
    ]).ToFrozenDictionary(rules => rules.Kind);

    /// <summary>Whose rules these are.</summary>
    public abstract EntityKind Kind { get; }

    /// <summary>The rules of a kind.</summary>
    public static KindRules Of(EntityKind kind) => All[kind];

    /// <summary>What is wrong with an entity by itself; null when nothing is.</summary>
    public abstract Flaw? Check(Entity entity);

    /// <summary>What is wrong with a change; null when nothing is. Both are sound by themselves.</summary>
    public virtual Flaw? CheckChange(Entity before, Entity after) => null;

    /// <summary>What forbids to remove an entity; null when nothing does.</summary>
    public virtual Flaw? CheckRemoval(Entity before) => null;

    /// <summary>The entities that this one refers to.</summary>
    public virtual IEnumerable<Reference> ReferencesOf(Entity entity) => [];
}

/// <summary>The rules of the kind with this spec.</summary>
public abstract class KindRules<TSpec> : KindRules where TSpec : EntitySpec
{
    /// <inheritdoc/>
    public sealed override EntityKind Kind => EntityKind.Of<TSpec>();

    /// <inheritdoc/>
    public sealed override Flaw? Check(Entity entity) => Check(entity, (TSpec)entity.Spec);

    /// <inheritdoc/>
    public sealed override Flaw? CheckChange(Entity before, Entity after) =>
        CheckChange((TSpec)before.Spec, (TSpec)after.Spec);

    /// <inheritdoc/>
    public sealed override Flaw? CheckRemoval(Entity before) => CheckRemoval((TSpec)before.Spec);

    /// <inheritdoc/>
    public sealed override IEnumerable<Reference> ReferencesOf(Entity entity) => ReferencesOf((TSpec)entity.Spec);

    /// <inheritdoc cref="KindRules.Check(Entity)"/>
    protected virtual Flaw? Check(Entity entity, TSpec spec) => null;

    /// <inheritdoc cref="KindRules.CheckChange(Entity, Entity)"/>
    protected virtual Flaw? CheckChange(TSpec before, TSpec after) => null;

    /// <inheritdoc cref="KindRules.CheckRemoval(Entity)"/>
    protected virtual Flaw? CheckRemoval(TSpec spec) => null;

    /// <inheritdoc cref="KindRules.ReferencesOf(Entity)"/>
    protected virtual IEnumerable<Reference> ReferencesOf(TSpec spec) => [];
}
