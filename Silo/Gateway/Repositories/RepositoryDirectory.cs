using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>How the definition of a new repository was taken.</summary>
internal enum Addition
{
    /// <summary>It is durable.</summary>
    Done,

    /// <summary>Another repository has the path.</summary>
    PathTaken,

    /// <summary>The client's key stands for another command.</summary>
    KeyTaken,

    /// <summary>There is no such virtual storage, any more.</summary>
    NoStorage,
}

/// <summary>
/// Which repositories there are: definitions of the model. Reads are this silo's, so routing goes on while the database
/// is away; before somebody is told that a repository isn't there, the journal is asked for its newest index.
/// </summary>
internal sealed class RepositoryDirectory(ModelReplica replica, ModelWriter writer, LatestIndex latest, IIdSource ids)
{
    private const string Silo = "silo";
    private static readonly EntityKind Kind = EntityKind.Of<RepositorySpec>();
    private static readonly TimeSpan CurrentLimit = TimeSpan.FromSeconds(5);

    /// <summary>Writes the intent to create, and the definitions of nodes that are new.</summary>
    /// <exception cref="NotWrittenException">Not now, or its outcome is unknown.</exception>
    public async Task<Addition> Add(RepositoryRecord record, string actor, string? key)
    {
        var spec = new RepositorySpec(
            record.VirtualStorage, record.Path, record.DefaultBranch, record.Nodes, record.Stage);
        var creation = SpecChanges.Create(
            EntityId.Parse(record.Id.Value), spec, NameOf(record.VirtualStorage.Value, record.Path));
        while (true)
        {
            var nodes = NodeDefinitions.CreateMissing(replica.Current, record.Nodes);
            var reply = await Send(actor, key, [.. nodes, creation]);
            if (reply.Refusal is not { } refusal) return Addition.Done;
            switch (refusal.Rule)
            {
                case WriteRule.NameTaken: return Addition.PathTaken;
                case WriteRule.Key: return Addition.KeyTaken;
                case WriteRule.Reference when refusal.Field is "spec.virtualStorage": return Addition.NoStorage;
                // Another silo wrote the same node at the same time.
                case WriteRule.IdTaken when refusal.Change < nodes.Length: await Refresh(); break;
                default: throw new InvalidOperationException($"The definition of {record.Id}: {refusal.Detail}");
            }
        }
    }

    /// <summary>The repository that a client's key created; null when the key is new.</summary>
    public async Task<RepositoryId?> FindByKey(string actor, string key)
    {
        await Refresh();
        var command = replica.Current.Commands.Find(actor, key, default);
        var changed = command?.Changed.FirstOrDefault(one => one.Kind == Kind);
        return changed is { } found && found != default ? RepositoryId.Parse(found.Id.Value) : null;
    }

    /// <summary>The repository with this id; null when there is none.</summary>
    public async ValueTask<RepositoryRecord?> Get(RepositoryId id)
    {
        var key = EntityKey.Of<RepositorySpec>(EntityId.Parse(id.Value));
        if (replica.Current.Find(key) is { } known) return RepositoryRecord.Of(known);
        await Refresh();
        return replica.Current.Find(key) is { } entity ? RepositoryRecord.Of(entity) : null;
    }

    /// <summary>The id behind a name; null when there is none, or it is being deleted.</summary>
    public async ValueTask<RepositoryId?> Find(string virtualStorage, RepositoryPath path)
    {
        var name = NameOf(virtualStorage, path);
        if (replica.Current.FindByName(Kind, name) is { } known) return RepositoryId.Parse(known.Id.Value);
        await Refresh();
        return replica.Current.FindByName(Kind, name) is { } entity ? RepositoryId.Parse(entity.Id.Value) : null;
    }

    /// <summary>The repositories behind a name by name (ordinal), those being deleted left out.</summary>
    public IEnumerable<RepositoryRecord> List(string afterName) => replica.Current.ListAfter(Kind, afterName)
        .Select(RepositoryRecord.Of).Where(record => record.Stage is not RepositoryStage.Deleting);

    /// <summary>The creations and deletions that are not finished. Cost: linear in repositories.</summary>
    public ImmutableArray<RepositoryId> ListUnsettled() =>
        Select(static spec => spec.Stage is not RepositoryStage.Active);

    /// <summary>The repositories with a replica on the node, those being deleted included. Cost: linear.</summary>
    public async Task<ImmutableArray<RepositoryId>> ListOfNode(NodeName node)
    {
        await Refresh();
        return Select(spec => spec.Nodes.Contains(node));
    }

    /// <summary>All repositories. Cost: linear.</summary>
    public async Task<ImmutableArray<RepositoryId>> ListIds()
    {
        await Refresh();
        return Select(static _ => true);
    }

    /// <summary>A creation is finished. Idempotent; a deletion that came between wins.</summary>
    public Task Activate(RepositoryId id) => Change(Silo, SpecChanges.Patch<RepositorySpec>(
        EntityId.Parse(id.Value), new JsonObject { ["spec"] = new JsonObject { ["stage"] = "active" } }));

    /// <summary>Writes the intent to delete: the path is free from here on. Idempotent.</summary>
    public Task Release(RepositoryId id, string actor) => Change(actor, SpecChanges.Patch<RepositorySpec>(
        EntityId.Parse(id.Value),
        new JsonObject { ["name"] = id.Value, ["spec"] = new JsonObject { ["stage"] = "deleting" } }));

    /// <summary>Forgets a repository being deleted. Idempotent.</summary>
    public Task Forget(RepositoryId id) =>
        Change(Silo, SpecChanges.Delete<RepositorySpec>(EntityId.Parse(id.Value)));

    /// <summary>
    /// Afterwards this silo shows all that was acknowledged before; without the database, what it has. Cost: one query
    /// for all who wait.
    /// </summary>
    public async Task Refresh()
    {
        try
        {
            await replica.WaitFor(await latest.Ask(), CurrentLimit, CancellationToken.None);
        }
        catch (JournalAwayException)
        {
            // Nothing can be created or deleted meanwhile, so little is missing.
        }
    }

    private static string NameOf(string virtualStorage, RepositoryPath path) => $"{virtualStorage}/{path}";

    private ImmutableArray<RepositoryId> Select(Func<RepositorySpec, bool> isWanted) =>
    [
        .. replica.Current.List(Kind).Where(entity => isWanted((RepositorySpec)entity.Spec))
            .Select(entity => RepositoryId.Parse(entity.Id.Value)),
    ];

    private async Task Change(string actor, WriteChange change)
    {
        // What was done already, or overtaken by a deletion, is refused: that is no fault.
        var reply = await Send(actor, null, [change]);
        if (reply.Refusal is { Rule: not (WriteRule.NotFound or WriteRule.Value) } refusal)
            throw new InvalidOperationException($"The definition of {change.Id}: {refusal.Detail}");
    }

    private async Task<WriteReply> Send(string actor, string? key, ImmutableArray<WriteChange> changes)
    {
        // It goes on when the client leaves: it may be written already.
        // The endpoints have asked for the permission; what settles a repository has no caller.
        var command = new WriteCommand(ids.Next(), actor, key, changes, ActorRights.System);
        var (reply, _) = await writer.Write(command, CancellationToken.None);
        return reply.Outcome is WriteOutcome.Written or WriteOutcome.Refused
            ? reply : throw new NotWrittenException(reply);
    }
}
