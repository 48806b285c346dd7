using Aedile.Client.Model;

namespace Aedile.Client.Gateway;

/// <summary>A durable write.</summary>
/// <param name="Index">Of its entry in the journal: what <see cref="ReadMode.AtLeast"/> waits for.</param>
/// <param name="Entity">
/// As it stands now; null after a deletion, and when the gateway that took the write doesn't show it yet.
/// </param>
public sealed record WriteResult(long Index, Entity? Entity);
