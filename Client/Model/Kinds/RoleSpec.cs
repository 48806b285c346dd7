using System.Collections.Immutable;
using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>What those who have the role may do.</summary>
/// <param name="Permissions">All that it allows; what is not listed is refused.</param>
[EntityKind("role", "roles")]
public sealed record RoleSpec(ImmutableSortedSet<Permission> Permissions) : EntitySpec;
