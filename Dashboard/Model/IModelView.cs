using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Dashboard.SignIn;

namespace Aedile.Dashboard.Model;

/// <summary>
/// What the pages show of the model, and do to it, in a viewer's name. The host implements it: reads are answered from
/// this silo's replica and from the journal, writes by the rules of REST. Secrets never come.
/// </summary>
/// <exception cref="NotPermittedException">The viewer may not.</exception>
/// <exception cref="TimeoutException">The journal can't be read now.</exception>
public interface IModelView
{
    /// <summary>The kinds that the viewer may read, and how the replica is doing. From memory.</summary>
    Task<ModelOverview> GetOverview(Viewer viewer, CancellationToken cancellation);

    /// <summary>A part of a list. From memory; cheap to ask again while the kind doesn't change.</summary>
    Task<EntityWindow> GetEntities(Viewer viewer, EntityQuery query, CancellationToken cancellation);

    /// <summary>One entity; null when there is none. From memory.</summary>
    Task<EntityView?> GetEntity(Viewer viewer, EntityKey key, CancellationToken cancellation);

    /// <summary>What happened to an entity, newest first. Cost: one read of the journal for each change.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="key">Which entity.</param>
    /// <param name="from">Index of the change to begin with; null: the newest one of an entity that is there.</param>
    /// <param name="take">How many at most, 1 to 50.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<EntityHistory> GetHistory(
        Viewer viewer, EntityKey key, long? from, int take, CancellationToken cancellation);

    /// <summary>Changes of all entities, newest first.</summary>
    Task<ChangeWindow> GetChanges(Viewer viewer, ChangeQuery query, CancellationToken cancellation);

    /// <summary>Writes, and waits until this silo shows it.</summary>
    /// <param name="viewer">Who wants it.</param>
    /// <param name="change">What.</param>
    /// <param name="key">The same for the same change sent again, when nobody knows whether it was written.</param>
    /// <param name="cancellation">Ends the wait; the change may be written.</param>
    Task<WriteAnswer> Write(Viewer viewer, ChangeRequest change, string key, CancellationToken cancellation);
}

/// <summary>The model as this silo holds it.</summary>
/// <param name="Kinds">Those that the viewer may read, by name.</param>
/// <param name="Index">Of the newest entry.</param>
/// <param name="Age">How long ago the replica was known to be the newest.</param>
/// <param name="IsWritable">Whether the journal could be reached when it was last asked.</param>
public sealed record ModelOverview(ImmutableArray<KindView> Kinds, long Index, TimeSpan Age, bool IsWritable);

/// <summary>A kind.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">How many entities it has.</param>
/// <param name="MayWrite">Whether the viewer may write them.</param>
public sealed record KindView(EntityKind Kind, int Count, bool MayWrite);

/// <summary>Which entities to show.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Filter">An expression over members, as REST takes it; empty for all.</param>
/// <param name="Sort">Members, as in <c>-updatedAt</c>; empty: by name.</param>
/// <param name="After">Where the part before ended; empty at the beginning.</param>
/// <param name="Take">How many at most, 1 to 200.</param>
public sealed record EntityQuery(EntityKind Kind, string Filter, string Sort, string After, int Take);

/// <summary>A part of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next part begins; null when there is none.</param>
/// <param name="Count">How many entities the kind has, whether they fit or not.</param>
/// <param name="Fault">Why the query can't be answered; null when it is.</param>
/// <param name="MayWrite">Whether the viewer may write entities of the kind.</param>
/// <param name="IsWritable">Whether anything can be written now.</param>
public sealed record EntityWindow(
    ImmutableArray<Entity> Items, string? Next, int Count, string? Fault, bool MayWrite, bool IsWritable);

/// <summary>One entity, and what a page about it needs to know.</summary>
/// <param name="Entity">Without secrets.</param>
/// <param name="References">The entities that it refers to, and by which member.</param>
/// <param name="IsReferenced">Whether others refer to it, so that it can't be deleted.</param>
/// <param name="MayWrite">Whether the viewer may write it.</param>
/// <param name="IsWritable">Whether anything can be written now.</param>
public sealed record EntityView(
    Entity Entity, ImmutableArray<EntityReference> References, bool IsReferenced, bool MayWrite, bool IsWritable);

/// <summary>A member that names another entity.</summary>
/// <param name="Field">Path of the member, as in <c>spec.nodes[1]</c>.</param>
/// <param name="Target">The other entity.</param>
public readonly record struct EntityReference(string Field, EntityKey Target);

/// <summary>Answer to a write.</summary>
/// <param name="Problem">Why it was not written; null when it was.</param>
/// <param name="Key">Whose change it was; null when it was not written.</param>
/// <param name="IsShown">Whether this silo shows it already.</param>
public sealed record WriteAnswer(WriteProblem? Problem, EntityKey? Key, bool IsShown);

/// <summary>Why something was not written; the words are those of REST.</summary>
/// <param name="Type">As in <c>version-mismatch</c>.</param>
/// <param name="Title">The same for every problem of the type.</param>
/// <param name="Detail">This case.</param>
/// <param name="Field">Path of the member at fault; null when there is none.</param>
public sealed record WriteProblem(string Type, string Title, string Detail, string? Field)
{
    /// <summary>Somebody else was faster.</summary>
    public bool IsStale => Type is "version-mismatch";

    /// <summary>It may have been written: the same again, with the same key, tells.</summary>
    public bool IsInDoubt => Type is "outcome-unknown";
}
