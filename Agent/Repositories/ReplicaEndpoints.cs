using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aedile.Agent.Repositories;

/// <summary>Commands on replicas by HTTP: see <c>Client/Repositories/DESIGN.md</c>.</summary>
internal static class ReplicaEndpoints
{
    public static void MapReplicas(this IEndpointRouteBuilder routes)
    {
        var replica = routes.MapGroup("/v1/replicas/{id}");
        replica.MapPut("", Create);
        replica.MapGet("", Report);
        replica.MapGet("transactions/{txn}", Entry);
        replica.MapPost("transactions/{txn}/pack", Stage);
        replica.MapPut("transactions/{txn}/lease", Renew);
        replica.MapPost("prepare", Prepare);
        replica.MapPost("commit", Commit);
        replica.MapPost("abort", Abort);
        replica.MapPost("repair", Repair);
        replica.MapDelete("", Delete);
    }

    private static async Task<Ok<CommandReply>> Create(
        RepositoryId id, CreateReplica body, StorageRole role, CancellationToken cancellation)
    {
        CommandRules.CheckBranch(body.DefaultBranch);
        return TypedResults.Ok(await role.Store.Create(id, body, cancellation));
    }

    private static async Task<Ok<ReplicaReport>> Report(
        RepositoryId id, StorageRole role, CancellationToken cancellation) =>
        TypedResults.Ok(await role.Store.Report(id, cancellation));

    private static async Task<Ok<EntryReport>> Entry(
        RepositoryId id, TransactionId txn, StorageRole role, CancellationToken cancellation) =>
        TypedResults.Ok(await role.Store.Entry(id, txn, cancellation));

    private static async Task<Ok<StageReply>> Stage(
        RepositoryId id, TransactionId txn, HttpContext http, StorageRole role, CancellationToken cancellation)
    {
        // A pack is bounded by the role's own limit, and a slow client by the lease that its gateway renews.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>()
            is { } rate) rate.MinDataRate = null;
        if (VersionHeaders.ReadDecision(http.Request) is { } decision)
            await role.Store.Redo(id, decision, cancellation);
        return TypedResults.Ok(await role.Staging.Receive(role.Shelf[id], txn, http.Request.BodyReader, cancellation));
    }

    private static Results<NoContent, NotFound> Renew(RepositoryId id, TransactionId txn, StorageRole role) =>
        role.Staging.Renew(role.Shelf[id], txn) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<Ok<PrepareReply>> Prepare(
        RepositoryId id, PrepareWrite body, StorageRole role, CancellationToken cancellation)
    {
        CommandRules.CheckUpdates(body.Updates.IsDefault ? ImmutableArray<RefUpdate>.Empty : body.Updates);
        return TypedResults.Ok(await role.Store.Prepare(id, body, cancellation));
    }

    private static async Task<Ok<CommandReply>> Commit(
        RepositoryId id, CommitWrite body, StorageRole role, CancellationToken cancellation) =>
        TypedResults.Ok(await role.Store.Commit(id, body, cancellation));

    private static async Task<Ok<CommandReply>> Abort(
        RepositoryId id, AbortWrite body, StorageRole role, CancellationToken cancellation) =>
        TypedResults.Ok(await role.Store.Abort(id, body, cancellation));

    private static async Task<Ok<CommandReply>> Repair(
        RepositoryId id, RepairReplica body, StorageRole role, CancellationToken cancellation)
    {
        CommandRules.CheckBranch(body.DefaultBranch);
        if (!body.SourceEndpoint.IsAbsoluteUri || body.SourceEndpoint.Scheme is not ("http" or "https"))
            throw new BadHttpRequestException("sourceEndpoint must be an http address.");
        return TypedResults.Ok(await role.Store.Repair(id, body, cancellation));
    }

    private static async Task<Ok<CommandReply>> Delete(
        RepositoryId id, [Microsoft.AspNetCore.Mvc.FromBody] DeleteReplica body, StorageRole role,
        CancellationToken cancellation) => TypedResults.Ok(await role.Store.Delete(id, body, cancellation));
}
