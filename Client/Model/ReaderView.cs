using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Model;

/// <summary>What leaves the silos of the model: everything but secrets.</summary>
public static class ReaderView
{
    /// <summary>An entity as readers see it; the same instance when it holds no secret.</summary>
    public static Entity Of(Entity entity) =>
        entity.Spec is IHoldsSecrets spec ? entity with { Spec = spec.WithoutSecrets() } : entity;

    /// <summary>A transaction as readers see it; the same instance when it holds no secret.</summary>
    public static JournalEntry Of(JournalEntry entry) =>
        entry.Changes.Any(change => (change.After ?? change.Before)!.Spec is IHoldsSecrets)
            ? entry with
            {
                Changes = [.. entry.Changes.Select(change => new EntityChange(
                    change.Before is null ? null : Of(change.Before), change.After is null ? null : Of(change.After)))],
            }
            : entry;
}
