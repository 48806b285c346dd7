using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity;

/// <summary>Identity over the model: reads this silo's replica, writes by the sequencer.</summary>
internal sealed class ModelIdentities(
    ModelReplica replica, ModelWriter writer, IIdSource ids, TrustKeeper trust) : IIdentityModel
{
    // Twenty looks at the journal: a busy machine misses some.
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public TrustView Trust => trust.Current;

    /// <inheritdoc/>
    public bool IsCurrent => replica.Age < CurrentWithin;

    /// <inheritdoc/>
    public Entity? Find(EntityKind kind, EntityId id) => replica.Current.Find(new EntityKey(kind, id));

    /// <inheritdoc/>
    public Entity? FindByName(EntityKind kind, string name) => replica.Current.FindByName(kind, name);

    /// <inheritdoc/>
    public IEnumerable<Entity> List(EntityKind kind) => replica.Current.List(kind);

    /// <inheritdoc/>
    public async Task<ModelWrite> Write(
        string actor, IReadOnlyList<ModelChange> changes, CancellationToken cancellation)
    {
        // Whoever calls has judged it: logins and keys have rules of their own, and no permission stands for them.
        var command = new WriteCommand(
            ids.Next(), actor, null, [.. changes.Select(Describe)], ActorRights.System);
        var (reply, isApplied) = await writer.Write(command, cancellation);
        return reply.Outcome switch
        {
            // Not shown yet is not done yet for who asks: the next step reads this silo's replica.
            WriteOutcome.Written => new ModelWrite(isApplied ? ModelOutcome.Written : ModelOutcome.NotNow),
            WriteOutcome.Refused => Explain(reply.Refusal!),
            _ => new ModelWrite(ModelOutcome.NotNow),
        };
    }

    private static ModelWrite Explain(WriteRefusal refusal) => refusal.Rule
        is WriteRule.Version or WriteRule.IdTaken or WriteRule.NotFound
        ? new ModelWrite(ModelOutcome.Lost, refusal.Field, refusal.Detail)
        : new ModelWrite(ModelOutcome.Refused, refusal.Field, refusal.Detail);

    private WriteChange Describe(ModelChange change) => change switch
    {
        { Spec: null } => new WriteChange(
            ChangeVerb.Delete, change.Kind.Name, change.Id.Value, change.ExpectedVersion, null),
        { ExpectedVersion: null } => new WriteChange(
            ChangeVerb.Create, change.Kind.Name, change.Id.Value, null, BodyOf(change)),
        _ => new WriteChange(
            ChangeVerb.Update, change.Kind.Name, change.Id.Value, change.ExpectedVersion, BodyOf(change)),
    };

    private string BodyOf(ModelChange change)
    {
        var body = new JsonObject
        {
            ["spec"] = JsonSerializer.SerializeToNode(change.Spec, change.Kind.SpecType, Wire.Json),
        };
        if (change.Name is not null) body["name"] = change.Name;
        // Of the expected version: an update replaces them.
        if (Find(change.Kind, change.Id) is { } before)
            body["tags"] = JsonSerializer.SerializeToNode(before.Tags, Wire.Json);
        return body.ToJsonString();
    }
}
