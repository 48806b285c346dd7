namespace Aedile.Grains.Repositories;

/// <summary>
/// A storage node could not be reached, or did not answer in time. Nothing is known of the command's effect.
/// </summary>
public sealed class StorageNodeException(string message, Exception? inner = null) : Exception(message, inner);
