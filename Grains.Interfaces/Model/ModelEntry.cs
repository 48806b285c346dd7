namespace Aedile.Grains.Interfaces.Model;

/// <summary>One line of the journal.</summary>
/// <param name="Index">Its place: one more than that of the entry before.</param>
/// <param name="Content">What was changed, by whom and when, as JSON.</param>
/// <param name="Digest">
/// SHA-256 over the digest of the entry before and the content, 64 hex digits: equal digests, equal histories.
/// </param>
[GenerateSerializer, Immutable, Alias("model.entry")]
public sealed record ModelEntry(long Index, string Content, string Digest);
