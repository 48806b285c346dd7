using System.Runtime.CompilerServices;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>An entity, and its digest, which is not computed twice.</summary>
internal readonly record struct HeldEntity(Entity Entity, UInt128 Digest) : IMapItem<EntityKey>
{
    /// <inheritdoc/>
    public EntityKey Key => Entity.Key;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOf(EntityKey key) => (uint)key.Id.Value.GetHashCode(StringComparison.Ordinal)
        ^ ((uint)RuntimeHelpers.GetHashCode(key.Kind) * 0x9E3779B9u);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOf(EntityKey key) =>
        Entity.Id.Value == key.Id.Value && ReferenceEquals(Entity.Kind, key.Kind);
}
