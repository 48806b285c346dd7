using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;

namespace Aedile.Tests.Dashboard;

/// <summary>A model of one node whose database is away.</summary>
internal sealed class MemoryModel : IModelView
{
    public static readonly Entity Node = new(
        EntityKind.Of<NodeSpec>(), EntityId.Parse("n1"), "n1", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1,
        Entity.NoTags, new NodeSpec(["ssd"]));

    public Task<ModelOverview> GetOverview(Viewer viewer, CancellationToken cancellation) => Task.FromResult(
        new ModelOverview([new KindView(Node.Kind, 1, true)], 1, TimeSpan.FromMinutes(1), false));

    public Task<EntityWindow> GetEntities(Viewer viewer, EntityQuery query, CancellationToken cancellation) =>
        Task.FromResult(new EntityWindow([Node], null, 1, null, true, false));

    public Task<EntityView?> GetEntity(Viewer viewer, EntityKey key, CancellationToken cancellation) =>
        Task.FromResult<EntityView?>(new EntityView(Node, [], false, true, false));

    public Task<EntityHistory> GetHistory(
        Viewer viewer, EntityKey key, long? from, int take, CancellationToken cancellation) =>
        throw new TimeoutException();

    public Task<ChangeWindow> GetChanges(Viewer viewer, ChangeQuery query, CancellationToken cancellation) =>
        throw new TimeoutException();

    public Task<WriteAnswer> Write(
        Viewer viewer, ChangeRequest change, string key, CancellationToken cancellation) =>
        Task.FromResult(new WriteAnswer(
            new WriteProblem(
                "writes-unavailable", "Nothing can be written now",
                "The database is away; nothing was changed. Reads go on.", null), null, false));
}
