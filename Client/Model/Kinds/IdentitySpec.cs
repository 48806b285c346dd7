using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Client.Model.Kinds;

/// <summary>Somebody who may call: its tokens name it, its roles say what it may do.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Roles">Ids of its roles; none allows nothing.</param>
/// <param name="Attributes">What selectors find it by, as in <c>#builders</c>.</param>
/// <param name="Disabled">Whether every token and login of it is refused, now and until this is taken back.</param>
/// <param name="Node">The node of an <see cref="IdentityType.Agent"/>; null for all others.</param>
/// <param name="External">Its account at an external signer; null for none.</param>
[EntityKind("identity", "identities")]
public sealed record IdentitySpec(
    IdentityType Type, ImmutableSortedSet<EntityId> Roles, ImmutableArray<string> Attributes, bool Disabled = false,
    NodeName? Node = null, ExternalAccount? External = null) : EntitySpec;

/// <summary>
/// An account elsewhere. Two signers may give two people the same subject, so the signer is part of it.
/// </summary>
/// <param name="Signer">Who vouches for it.</param>
/// <param name="Subject">What the signer calls it, 1 to 255 visible characters.</param>
public sealed record ExternalAccount(EntityId Signer, string Subject);
