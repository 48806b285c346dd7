using Aedile.Client.Repositories;

namespace Aedile.Silo.Storage.Repositories;

/// <summary>What a client asked for under a key of its own.</summary>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Content">What it asked for, to tell a repetition from another request with the same key.</param>
internal sealed record CreationRequest(string Key, string Content);

/// <summary>What a key stands for already.</summary>
/// <param name="Id">The repository that it created.</param>
/// <param name="Content">What was asked for.</param>
internal sealed record KnownRequest(RepositoryId Id, string Content);
