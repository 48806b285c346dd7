using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Tests.Model;

/// <summary>Commands of tests, and what they lead to.</summary>
internal static class Commands
{
    public static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static int _ids;

    public static ModelState Empty => ModelState.Empty("t1");

    public static WriteCommand Of(params ImmutableArray<WriteChange> changes) =>
        new(new Guid(Interlocked.Increment(ref _ids), 0, 0, new byte[8]), "root", null, changes,
            ActorRights.AdminToken);

    public static WriteChange Create(string kind, string? id, string body) =>
        new(ChangeVerb.Create, kind, id, null, body);

    public static WriteChange Update(string kind, string id, string body, long? version = null) =>
        new(ChangeVerb.Update, kind, id, version, body);

    public static WriteChange Patch(string kind, string id, string body, long? version = null) =>
        new(ChangeVerb.Patch, kind, id, version, body);

    public static WriteChange Delete(string kind, string id, long? version = null) =>
        new(ChangeVerb.Delete, kind, id, version, null);

    public static WriteChange Node(string id, params string[] attributes) => Create(
        "node", id, JsonSerializer.Serialize(new { spec = new { attributes } }));

    public static WriteChange VirtualStorage(string id, params string[] nodes) => Create(
        "virtual-storage", id, JsonSerializer.Serialize(new { spec = new { replicationFactor = 3, nodes } }));

    public static Decision Decide(ModelState state, WriteCommand command) => CommandRules.Decide(state, command, Now);

    /// <summary>The state after commands that nothing is wrong with.</summary>
    public static ModelState After(ModelState state, params WriteCommand[] commands) => commands.Aggregate(
        state, (before, command) => Assert.IsType<Decision.Append>(Decide(before, command)).Next);

    public static WriteRefusal Refusal(ModelState state, params ImmutableArray<WriteChange> changes)
    {
        var reply = Assert.IsType<Decision.Answer>(Decide(state, Of(changes))).Reply;
        Assert.Equal(WriteOutcome.Refused, reply.Outcome);
        return reply.Refusal!;
    }

    public static Entity Find(ModelState state, string kind, string id) =>
        Assert.IsType<Entity>(state.Find(new EntityKey(EntityKinds.Find(kind)!, EntityId.Parse(id))));

    public static NodeSpec NodeSpecOf(ModelState state, string id) =>
        Assert.IsType<NodeSpec>(Find(state, "node", id).Spec);
}
