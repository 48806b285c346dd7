using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>
/// Whether an actor may write, as of the state that the command is decided on: a role that was taken away since the
/// gateway looked counts no more. Pure. Cost: linear in the actor's roles and the command's changes.
/// </summary>
internal static class ActorRules
{
    /// <summary>Why the actor may not make some change; null when he may make all of them.</summary>
    public static WriteRefusal? Check(ModelState state, WriteCommand command)
    {
        // Null: of a silo that knew no rights yet. Its gateway's word alone is not enough.
        switch (command.Rights?.Right)
        {
            case ActorRight.System or ActorRight.AdminToken:
                return null;
            case ActorRight.Identity:
                break;
            default:
                return Refuse(0, "The command doesn't say by what right it comes.");
        }

        var rights = command.Rights;
        if (!EntityId.TryParse(rights.Identity, null, out var id) || state.Find<IdentitySpec>(id) is not { } identity)
            return Refuse(0, $"There is no identity '{rights.Identity}' any more.");
        if (identity.Disabled) return Refuse(0, $"The identity '{id}' is disabled.");
        var granted = rights.Roles.Select(Parse).Where(identity.Roles.Contains)
            .SelectMany(role => PermissionsOf(state, role)).ToList();
        foreach (var (place, change) in command.Changes.Index())
        {
            // A kind that doesn't exist is refused for that.
            if (EntityKinds.Find(change.Kind) is { } kind && !Permissions.MayWriteEntities(granted, kind.Plural))
                return Refuse(place, $"'{id}' may not write {kind.Plural}, or not any more.");
        }

        return null;
    }

    private static ImmutableSortedSet<Permission> PermissionsOf(ModelState state, EntityId role) =>
        BuiltInRoles.All.TryGetValue(role, out var builtIn) ? builtIn
        : state.Find<RoleSpec>(role) is { } own ? own.Permissions : [];

    private static EntityId Parse(string role) => EntityId.TryParse(role, null, out var id) ? id : default;

    private static WriteRefusal Refuse(int change, string detail) =>
        new(WriteRule.Permission, change, null, detail);
}
