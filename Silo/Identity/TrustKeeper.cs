using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity;

/// <summary>
/// The trust view of the replica's newest state. It follows each entry: logarithmic in identities; linear only when a
/// whole state is loaded, or the fleet gets its name. Safe from any thread.
/// </summary>
internal sealed class TrustKeeper
{
    private static readonly ImmutableArray<EntityKind> Kinds =
    [
        EntityKind.Of<FleetSpec>(), EntityKind.Of<IdentitySpec>(), EntityKind.Of<RevocationSpec>(),
        EntityKind.Of<RoleSpec>(), EntityKind.Of<SigningKeySpec>(),
    ];

    // Nobody's fleet: before the first silo gave it an id, no token can be issued or taken.
    private static readonly FleetId None = FleetId.Parse("none");

    private readonly TimeSpan _clockSkew;
    private volatile Kept _kept;

    public TrustKeeper(ModelReplica replica, IdentityOptions options)
    {
        _clockSkew = options.ClockSkew;
        _kept = Make(replica.Current);
        replica.Changed += Take;
        // What came between these two lines was not heard of.
        while (!ReferenceEquals(_kept.State, replica.Current)) _kept = Make(replica.Current);
    }

    /// <summary>
    /// What tokens are judged by: of each state that the replica has told of, so before anybody who waits for an index
    /// hears that it is there.
    /// </summary>
    public TrustView Current => _kept.View;

    // The replica calls in the order of its states, one at a time.
    private void Take(ModelState before, ModelState after, JournalEntry? entry)
    {
        var kept = _kept;
        var follows = entry is not null && ReferenceEquals(kept.State, before)
            && !entry.Changes.Any(change => change.Key.Kind == EntityKind.Of<FleetSpec>());
        _kept = follows
            ? new Kept(after, entry!.Changes.Aggregate(kept.View, static (view, change) =>
                view.After(change.Key.Id, change.Before?.Spec, change.After?.Spec)))
            : Make(after);
    }

    private Kept Make(ModelState state)
    {
        var fleet = state.Find<FleetSpec>(FleetSpec.OnlyId)?.Fleet ?? None;
        return new Kept(state, Kinds.SelectMany(state.List).Aggregate(
            TrustView.Empty(fleet, _clockSkew),
            static (view, entity) => view.After(entity.Id, null, entity.Spec)));
    }

    private sealed record Kept(ModelState State, TrustView View);
}
