namespace Aedile.Client.Repositories;

/// <summary>
/// What a replica holds: the repository's count of writes and the write that made it. Compared for equality only: after
/// a database went back, the same generation can name two different contents, never the same pair.
/// </summary>
public readonly record struct ReplicaVersion(long Generation, TransactionId Transaction)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Generation}/{Transaction}";
}
