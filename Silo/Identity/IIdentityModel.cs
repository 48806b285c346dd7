using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Silo.Identity;

/// <summary>What identity asks of the model: this silo's replica to read, the sequencer to write.</summary>
internal interface IIdentityModel
{
    /// <summary>What tokens are judged by, as of now.</summary>
    TrustView Trust { get; }

    /// <summary>
    /// Whether this silo was just known to have the newest entry. If not, what is missing may only be missing here.
    /// </summary>
    bool IsCurrent { get; }

    /// <summary>An entity; null when there is none.</summary>
    Entity? Find(EntityKind kind, EntityId id);

    /// <summary>An entity by its name; null when there is none.</summary>
    Entity? FindByName(EntityKind kind, string name);

    /// <summary>All entities of a kind.</summary>
    IEnumerable<Entity> List(EntityKind kind);

    /// <summary>Makes all changes or none, and waits until this silo shows them.</summary>
    /// <param name="actor">Who wants it, for the audit.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellation">Ends the wait; the changes may still be made.</param>
    Task<ModelWrite> Write(string actor, IReadOnlyList<ModelChange> changes, CancellationToken cancellation);
}

/// <summary>A change of one entity.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="ExpectedVersion">The version that it must have; null: it must not be there yet.</param>
/// <param name="Name">Its name; null: as it is, or its id.</param>
/// <param name="Spec">What it shall say; null: it is deleted.</param>
internal sealed record ModelChange(
    EntityKind Kind, EntityId Id, long? ExpectedVersion, string? Name, EntitySpec? Spec)
{
    /// <summary>Makes an entity.</summary>
    public static ModelChange Create<TSpec>(EntityId id, TSpec spec, string? name = null) where TSpec : EntitySpec =>
        new(EntityKind.Of<TSpec>(), id, null, name, spec);

    /// <summary>Changes an entity, if it is still as it was read.</summary>
    public static ModelChange Update(Entity read, EntitySpec spec) =>
        new(read.Kind, read.Id, read.Version, read.Name, spec);

    /// <summary>Deletes an entity, if it is still as it was read.</summary>
    public static ModelChange Delete(Entity read) => new(read.Kind, read.Id, read.Version, null, null);
}

/// <summary>How a write ended.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Field">The field at fault, when a rule refused it.</param>
/// <param name="Detail">What was wrong, for people.</param>
internal sealed record ModelWrite(ModelOutcome Outcome, string? Field = null, string Detail = "");

/// <summary>How a write ended.</summary>
internal enum ModelOutcome
{
    /// <summary>No outcome.</summary>
    Unknown,

    /// <summary>It is durable, and this silo shows it.</summary>
    Written,

    /// <summary>An entity is not as it was read: somebody was faster. Nothing was written.</summary>
    Lost,

    /// <summary>A rule refuses it. Nothing was written.</summary>
    Refused,

    /// <summary>Not now; it may have been written when the database went away in the middle.</summary>
    NotNow,
}
