using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>
/// What a verdict on a caller rests on here: made of the copy, so it needs no silo. Made again when something that it
/// rests on has changed: linear in silos and agents. Safe from any thread.
/// </summary>
internal sealed class CopyTrust(AgentModel model)
{
    private volatile Kept? _kept;

    /// <summary>The newest, if it is as new as what came with a grant. Ask for it anew with each verdict.</summary>
    /// <param name="given">What came with the grant.</param>
    /// <returns>
    /// Null when the copy is older, or names no fleet yet. A copy of another history than the grant counts: both come
    /// from the same silos, and only the copy goes on.
    /// </returns>
    public TrustCopy? NotBefore(AgentTrust given)
    {
        var kept = Newest();
        var isOlder = kept.Copy.Timeline == given.Timeline && kept.Copy.Index < given.Index;
        return isOlder ? null : kept.Trust;
    }

    private Kept Newest()
    {
        var copy = model.Current;
        var kept = _kept;
        if (kept is not null && ReferenceEquals(kept.Copy, copy)) return kept;
        var entities = copy.Readable.Where(TrustCopy.RestsOn).ToList();
        // An entity is the same object until it changes; with thousands of agents, repositories change more often.
        return _kept = kept is not null && kept.Entities.SequenceEqual(entities, ReferenceEqualityComparer.Instance)
            ? kept with { Copy = copy }
            : new Kept(copy, entities, TrustCopy.TryOf(entities));
    }

    private sealed record Kept(ModelCopy Copy, List<Entity> Entities, TrustCopy? Trust);
}
