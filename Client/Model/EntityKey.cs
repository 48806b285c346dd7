namespace Aedile.Client.Model;

/// <summary>Names one entity of the model.</summary>
public readonly record struct EntityKey(EntityKind Kind, EntityId Id)
{
    /// <summary>The key of an entity of this spec.</summary>
    public static EntityKey Of<TSpec>(EntityId id) where TSpec : EntitySpec => new(EntityKind.Of<TSpec>(), id);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Id}";
}
