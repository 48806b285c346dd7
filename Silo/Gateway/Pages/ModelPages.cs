using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model.Kinds;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// The model for the dashboard: what REST shows and takes, without HTTP between. Each call asks for the permission that
/// REST asks for, as of now.
/// </summary>
internal sealed class ModelPages(
    PageSignIn signIn, IIdentityModel identities, ModelReplica replica, ModelWriter writer, EntityWindows windows,
    JournalPages journal, IIdSource ids) : IModelView
{
    /// <inheritdoc/>
    public Task<ModelOverview> GetOverview(Viewer viewer, CancellationToken cancellation)
    {
        var caller = CallerOf(viewer);
        var trust = identities.Trust;
        var state = replica.Current;
        return Task.FromResult(new ModelOverview(
            [
                .. EntityKinds.All.Where(kind => caller.May(Need.Read(kind.Plural), trust)).Select(kind => new KindView(
                    kind, state.List(kind).Count, NeedRequirement.MayWrite(caller, kind.Plural, trust))),
            ], state.Index, replica.Age, replica.IsJournalThere));
    }

    /// <inheritdoc/>
    public Task<EntityWindow> GetEntities(Viewer viewer, EntityQuery query, CancellationToken cancellation)
    {
        var mayWrite = Require(viewer, query.Kind.Plural, "read");
        return Task.FromResult(windows.Get(query) with { MayWrite = mayWrite, IsWritable = replica.IsJournalThere });
    }

    /// <inheritdoc/>
    public Task<EntityView?> GetEntity(Viewer viewer, EntityKey key, CancellationToken cancellation)
    {
        var mayWrite = Require(viewer, key.Kind.Plural, "read");
        var state = replica.Current;
        return Task.FromResult(state.Find(key) is not { } entity ? null : new EntityView(
            ReaderView.Of(entity),
            [.. KindRules.Of(key.Kind).ReferencesOf(entity).Select(r => new EntityReference(r.Field, r.Target))],
            state.IsReferenced(key), mayWrite, replica.IsJournalThere));
    }

    /// <inheritdoc/>
    public Task<EntityHistory> GetHistory(
        Viewer viewer, EntityKey key, long? from, int take, CancellationToken cancellation)
    {
        Require(viewer, key.Kind.Plural, "read");
        return journal.GetHistory(key, from ?? replica.Current.Find(key)?.Version, take, cancellation);
    }

    /// <inheritdoc/>
    public Task<ChangeWindow> GetChanges(Viewer viewer, ChangeQuery query, CancellationToken cancellation)
    {
        Require(viewer, "changes", "read");
        return journal.GetChanges(query, cancellation);
    }

    /// <inheritdoc/>
    public async Task<WriteAnswer> Write(
        Viewer viewer, ChangeRequest change, string key, CancellationToken cancellation)
    {
        Require(viewer, EntityKinds.Find(change.Kind)?.Plural ?? change.Kind, "write");
        var command = new WriteCommand(ids.Next(), viewer.Name, key,
        [
            new WriteChange(
                change.Verb, change.Kind, change.Id, change.ExpectedVersion, change.Body?.GetRawText()),
        ], CallerOf(viewer).Rights);
        // It goes on when the page is closed: it may be written already.
        var receipt = await writer.Write(command, CancellationToken.None);
        return ModelProblems.Of(receipt.Reply) is { } refusal
            ? new WriteAnswer(Describe(refusal), null, false)
            : new WriteAnswer(null, KeyOf(receipt.Reply.Changed[0]), receipt.IsApplied);
    }

    /// <summary>A refusal of REST as pages say it.</summary>
    public static WriteProblem Describe(Refusal refusal) =>
        new(refusal.Type, refusal.Title, refusal.Detail, refusal.Field);

    private static EntityKey KeyOf(ChangedEntity changed) =>
        new(EntityKinds.Find(changed.Kind)!, EntityId.Parse(changed.Id));

    // Whether the viewer may write, too: the page asks for both at once.
    private bool Require(Viewer viewer, string kind, string verb)
    {
        var caller = CallerOf(viewer);
        var mayWrite = NeedRequirement.MayWrite(caller, kind, identities.Trust);
        var may = verb is "read" ? caller.May(Need.Read(kind), identities.Trust) : mayWrite;
        return may ? mayWrite : throw NotPermittedException.Lacks(kind, verb);
    }

    private Caller CallerOf(Viewer viewer) =>
        signIn.CallerOf(viewer) ?? throw new NotPermittedException("The session has ended.");
}
