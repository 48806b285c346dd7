using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity;

/// <summary>Identity over a model that can only be read: tokens are judged, nothing is written.</summary>
internal sealed class StoredIdentities(ModelReplica replica, TrustKeeper trust) : IIdentityModel
{
    /// <inheritdoc/>
    public TrustView Trust => trust.Current;

    /// <inheritdoc/>
    public bool IsCurrent => false;

    /// <inheritdoc/>
    public Entity? Find(EntityKind kind, EntityId id) => replica.Current.Find(new EntityKey(kind, id));

    /// <inheritdoc/>
    public Entity? FindByName(EntityKind kind, string name) => replica.Current.FindByName(kind, name);

    /// <inheritdoc/>
    public IEnumerable<Entity> List(EntityKind kind) => replica.Current.List(kind);

    /// <inheritdoc/>
    public Task<ModelWrite> Write(
        string actor, IReadOnlyList<ModelChange> changes, CancellationToken cancellation) =>
        Task.FromResult(new ModelWrite(ModelOutcome.NotNow));
}
