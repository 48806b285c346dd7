using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>
/// Takes tokens back before they expire: one of them, or all that an identity was given until a moment. Exactly one of
/// <paramref name="Token"/> and <paramref name="Identity"/> is given.
/// </summary>
/// <param name="ExpiresAt">When (UTC) the last token that it takes back has expired, and it may be deleted.</param>
/// <param name="Token">The one token.</param>
/// <param name="Identity">Whose tokens.</param>
/// <param name="IssuedBefore">
/// With <paramref name="Identity"/>: tokens that were issued up to this second (UTC), the whole of it included.
/// </param>
[EntityKind("revocation", "revocations")]
public sealed record RevocationSpec(
    DateTimeOffset ExpiresAt, TokenId? Token = null, EntityId? Identity = null,
    DateTimeOffset? IssuedBefore = null) : EntitySpec;
