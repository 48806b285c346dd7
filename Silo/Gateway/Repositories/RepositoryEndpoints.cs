using System.Runtime.InteropServices;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.OpenApi;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>REST of the repositories.</summary>
internal static class RepositoryEndpoints
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1000;

    public static void MapRepositories(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/repositories").RequireNeed("repositories").LimitBody(RequestBody.BytesMax);
        all.MapPost("", Create).Describe("CreateRepository", "Creates a repository; 202 when it is not confirmed yet.")
            .Reads(RequestParameter.IdempotencyKey).Takes<CreateRepositoryRequest>(RequestBody.BytesMax)
            .Answers<RepositoryResource>(201).Answers<RepositoryResource>(202).Refuses(409, 422, 503);
        all.MapGet("", List).Describe("ListRepositories", "Lists repositories by virtual storage and path.")
            .Reads(
                RequestParameter.Limit(LimitDefault, LimitMax), RequestParameter.Cursor,
                RequestParameter.Query("name", "The one repository of this name, as in default/team/project."))
            .Answers<Page<RepositoryResource>>().Refuses(400, 503);
        all.MapGet("{id}", Get).Describe("GetRepository", "Shows a repository and how its replicas stand.")
            .Answers<RepositoryResource>().Refuses(404, 503);
        all.MapDelete("{id}", Delete).Describe("DeleteRepository", "Deletes a repository for good.")
            .Answers(204).Refuses(404, 503);
        all.MapGet("{id}/transactions/{transaction}", GetTransaction)
            .Describe("GetTransaction", "Tells what became of a push.")
            .Answers<TransactionResource>().Refuses(400, 404, 503);
        all.MapPost("{id}/accept-data-loss", AcceptDataLoss)
            .Describe("AcceptDataLoss", "Goes on with the newest version that is left, when a newer one is lost.")
            .Answers<RepositoryResource>().Refuses(404, 409, 503);
    }

    private static async Task<IResult> Create(
        HttpRequest request, RepositoryProvisioning provisioning, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<CreateRepositoryRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (await provisioning.FindStorage(body.VirtualStorage, cancellation) is not { } storage)
            return Problems.UnknownVirtualStorage(body.VirtualStorage);
        if (!RepositoryPath.TryParse(body.Path, null, out var path)) return Problems.InvalidPath();
        var branch = "refs/heads/" + (body.DefaultBranch ?? "main");
        // "HEAD" and a leading dash are valid refs, but git accepts no such branch.
        if (!RefName.IsValid(branch) || body.DefaultBranch is "HEAD" or ['-', ..]) return Problems.InvalidBranch();

        if (!IdempotencyKey.TryRead(request, out var key)) return Problems.InvalidIdempotencyKey();

        return await provisioning.Create(storage, path, branch, Actor(request), key) switch
        {
            Creation.Done done => TypedResults.Created(
                Address(done.Record.Id), RepositoryResources.Describe(done.Record, done.View)),
            Creation.Wanted wanted => TypedResults.Accepted(
                Address(wanted.Record.Id), RepositoryResources.Describe(wanted.Record, null)),
            Creation.KeyTaken { IsSame: true } => Problems.CreatedAndDeleted(),
            Creation.KeyTaken => Problems.IdempotencyKeyReused(),
            Creation.PathTaken => Problems.PathTaken(storage.Name, path.Value),
            Creation.NoStorage => Problems.UnknownVirtualStorage(storage.Name),
            _ => Problems.NoStorageNodes(storage.Name),
        };
    }

    private static async Task<IResult> List(
        HttpRequest request, RepositoryDirectory directory, RepositoryViewReader views, CancellationToken cancellation)
    {
        var (query, mistake) = PageQuery.Parse(request.Query, LimitDefault, LimitMax);
        if (query is null) return mistake!;
        if (RepositoryPlace.NameAt(query.After) is not { } after) return Problems.InvalidCursor();
        if (request.Query["name"] is { Count: > 0 } names) return await Named(names, directory, views, cancellation);

        await directory.Refresh();
        var records = directory.List(after).Take(query.Limit + 1).ToList();
        var page = records.Take(query.Limit).ToList();
        var items = ImmutableCollectionsMarshal.AsImmutableArray(
            await Task.WhenAll(page.Select(r => views.Get(r, cancellation))));
        var next = records.Count > query.Limit ? PageQuery.CursorAfter(RepositoryPlace.Of(page[^1])) : null;
        return TypedResults.Ok(new Page<RepositoryResource>(items, next));
    }

    private static async Task<IResult> Named(
        StringValues names, RepositoryDirectory directory, RepositoryViewReader views, CancellationToken cancellation)
    {
        if (names is not [{ } name] || name.Split('/', 2) is not [{ Length: > 0 } storage, var rest]
            || !RepositoryPath.TryParse(rest, null, out var path))
            return Problems.InvalidParameter(
                "name", "The name must be one virtual storage and path, as in default/team/project.");
        await directory.Refresh();
        var record = await directory.Find(storage, path) is { } id ? await directory.Get(id) : null;
        return TypedResults.Ok(new Page<RepositoryResource>(
            record is { Stage: not RepositoryStage.Deleting } ? [await views.Get(record, cancellation)] : [], null));
    }

    private static async Task<IResult> Get(
        string id, RepositoryDirectory directory, IGrainFactory grains, CancellationToken cancellation)
    {
        if (await Find(directory, id) is not { } record) return Problems.RepositoryNotFound(id);
        var view = await View(grains, record.Id, cancellation);
        return view is null && record.Stage is RepositoryStage.Deleting
            ? Problems.RepositoryNotFound(id)
            : TypedResults.Ok(RepositoryResources.Describe(record, view));
    }

    private static async Task<IResult> Delete(
        string id, HttpRequest request, RepositoryDirectory directory, RepositoryProvisioning provisioning)
    {
        if (await Find(directory, id) is not { Stage: not RepositoryStage.Deleting } record)
            return Problems.RepositoryNotFound(id);
        await provisioning.Delete(record, Actor(request));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> GetTransaction(
        string id, string transaction, RepositoryDirectory directory, IGrainFactory grains,
        CancellationToken cancellation)
    {
        if (await Find(directory, id) is not { } record) return Problems.RepositoryNotFound(id);
        if (!TransactionId.TryParse(transaction, null, out var txn)) return Problems.InvalidTransaction(transaction);
        var view = await grains.GetGrain<IRepositoryGrain>(record.Id.Value).GetTransaction(txn, cancellation);
        return TypedResults.Ok(RepositoryResources.Describe(txn, view));
    }

    private static async Task<IResult> AcceptDataLoss(
        string id, RepositoryDirectory directory, IGrainFactory grains, CancellationToken cancellation)
    {
        if (await Find(directory, id) is not { } record) return Problems.RepositoryNotFound(id);
        var reply = await grains.GetGrain<IRepositoryGrain>(record.Id.Value).AcceptLoss(cancellation);
        if (!reply.Accepted) return Problems.LossNotAccepted(reply.Detail ?? "Nothing is lost.");
        return TypedResults.Ok(
            RepositoryResources.Describe(record, await View(grains, record.Id, cancellation)));
    }

    private static async Task<RepositoryRecord?> Find(RepositoryDirectory directory, string id) =>
        RepositoryId.TryParse(id, null, out var parsed) ? await directory.Get(parsed) : null;

    private static Task<RepositoryView?> View(IGrainFactory grains, RepositoryId id, CancellationToken cancellation) =>
        grains.GetGrain<IRepositoryGrain>(id.Value).GetView(cancellation);

    private static string Actor(HttpRequest request) => request.HttpContext.User.Identity?.Name ?? "";

    private static string Address(RepositoryId id) => $"/v1/repositories/{id}";
}
