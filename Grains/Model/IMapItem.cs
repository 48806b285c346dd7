namespace Aedile.Grains.Model;

/// <summary>What a <see cref="PersistentMap{TKey,TItem}"/> holds: a value that knows its key.</summary>
/// <typeparam name="TKey">What it is found by.</typeparam>
internal interface IMapItem<TKey>
{
    /// <summary>Its key.</summary>
    TKey Key { get; }

    /// <summary>Whether this is its key.</summary>
    bool IsOf(TKey key);

    /// <summary>
    /// Hash of a key; it should differ from process to process, so that nobody can choose keys that collide.
    /// </summary>
    static abstract uint HashOf(TKey key);
}
