using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity;

/// <summary>
/// Identity over the model: reads this silo's replica, writes by the sequencer. The trust view is made again when a
/// kind that it rests on has changed: linear in identities, some milliseconds for ten thousand.
/// </summary>
internal sealed class ModelIdentities(
    ModelReplica replica, ModelWriter writer, IIdSource ids, IdentityOptions options) : IIdentityModel
{
    private static readonly ImmutableArray<EntityKind> Kinds =
    [
        EntityKind.Of<FleetSpec>(), EntityKind.Of<IdentitySpec>(), EntityKind.Of<RevocationSpec>(),
        EntityKind.Of<RoleSpec>(), EntityKind.Of<SigningKeySpec>(),
    ];

    // Twenty looks at the journal: a busy machine misses some.
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(5);

    // Nobody's fleet: before the first silo gave it an id, no token can be issued or taken.
    private static readonly FleetId None = FleetId.Parse("none");

    private volatile Kept _kept = new(ModelState.Empty(""), TrustView.Empty(None, options.ClockSkew));

    /// <inheritdoc/>
    public TrustView Trust
    {
        get
        {
            var state = replica.Current;
            var kept = _kept;
            if (ReferenceEquals(kept.State, state)) return kept.View;
            // The list of a kind is another object after each change of the kind, and only then.
            var isSame = Kinds.All(kind => ReferenceEquals(kept.State.List(kind), state.List(kind)));
            _kept = kept = new Kept(state, isSame ? kept.View : Make(state));
            return kept.View;
        }
    }

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
        var command = new WriteCommand(ids.Next(), actor, null, [.. changes.Select(Describe)]);
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
            WriteVerb.Delete, change.Kind.Name, change.Id.Value, change.ExpectedVersion, null),
        { ExpectedVersion: null } => new WriteChange(
            WriteVerb.Create, change.Kind.Name, change.Id.Value, null, BodyOf(change)),
        _ => new WriteChange(
            WriteVerb.Update, change.Kind.Name, change.Id.Value, change.ExpectedVersion, BodyOf(change)),
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

    private TrustView Make(ModelState state)
    {
        var fleet = state.Find<FleetSpec>(FleetSpec.OnlyId)?.Fleet ?? None;
        return Kinds.SelectMany(state.List).Aggregate(
            TrustView.Empty(fleet, options.ClockSkew),
            static (view, entity) => view.After(entity.Id, null, entity.Spec));
    }

    private sealed record Kept(ModelState State, TrustView View);
}
