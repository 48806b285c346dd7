using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>What a message of the silo did to the copy.</summary>
internal enum CopyNews
{
    /// <summary>Nothing to do.</summary>
    None,

    /// <summary>The copy is another.</summary>
    Changed,

    /// <summary>The copy is not what it should be, or is of a history that is over: ask for all of it.</summary>
    AskAll,

    /// <summary>The silo sent something that does not have the digest that it says; ask again with the next
    /// mark.</summary>
    Broken,
}

/// <summary>
/// Puts the pieces that a silo sends together; the copy changes with the last piece of a change, and only if its digest
/// is right. Pure.
/// </summary>
/// <param name="Copy">What the agent has.</param>
/// <param name="Changed">Entities of the change that is coming in.</param>
/// <param name="Removed">Keys that go with it.</param>
/// <param name="WantsAll">Everything was asked for: what does not answer that is ignored.</param>
internal sealed record CopyIntake(
    ModelCopy Copy, ImmutableList<CopiedEntity> Changed, ImmutableList<string> Removed, bool WantsAll)
{
    /// <summary>
    /// The silo confirmed its state by so much later than this agent had its own that no network can explain it.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>At the beginning of a session.</summary>
    public static CopyIntake Of(ModelCopy copy) => new(copy, [], [], false);

    /// <summary>A piece came.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="since">How long ago the copy got the index that it has.</param>
    public (CopyIntake Next, CopyNews News) Take(SessionMessage.CopyPiece piece, TimeSpan since)
    {
        // What was under way when everything was asked for.
        if (WantsAll && !piece.IsWhole) return (this, CopyNews.None);
        var changed = Changed.AddRange(piece.Changed.IsDefault ? [] : piece.Changed);
        var removed = Removed.AddRange(piece.Removed.IsDefault ? [] : piece.Removed);
        if (piece.End is not { } end)
            return (this with { Changed = changed, Removed = removed }, CopyNews.None);
        var before = piece.IsWhole ? ModelCopy.Empty : Copy;
        var after = before.With(changed, removed).At(end.Timeline, end.Index);
        var rest = Of(Copy);
        if (CopyPoint.TextOf(after.Digest) != end.Digest)
            return piece.IsWhole ? (rest, CopyNews.Broken) : (rest with { WantsAll = true }, CopyNews.AskAll);
        return MayReplace(end, since) ? (Of(after), CopyNews.Changed) : (rest, CopyNews.None);
    }

    /// <summary>A mark came: everything before it was sent.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="since">How long ago the copy got the index that it has.</param>
    public (CopyIntake Next, CopyNews News) Take(SessionMessage.CopyMark mark, TimeSpan since)
    {
        var (at, has) = (mark.At, Copy.Point);
        if (WantsAll) return (this, CopyNews.None);
        if (at.Timeline == has.Timeline && at.Index >= has.Index && at.Digest == has.Digest)
            return at.Index == has.Index
                ? (this, CopyNews.None)
                : (this with { Copy = Copy.At(at.Timeline, at.Index) }, CopyNews.Changed);
        return MayReplace(at, since) ? (Of(Copy) with { WantsAll = true }, CopyNews.AskAll) : (this, CopyNews.None);
    }

    // Within a history only forward; another history, or an earlier point of ours, only from a silo that has asked the
    // database after we had ours. A silo that is cut off would bring back what is over.
    private bool MayReplace(CopyPoint at, TimeSpan since) =>
        Copy.Timeline.Length == 0
        || (at.Timeline == Copy.Timeline && at.Index >= Copy.Index)
        || TimeSpan.FromMilliseconds(at.AgeMs) + Margin < since;
}
