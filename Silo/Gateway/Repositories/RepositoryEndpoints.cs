using System.Globalization;
using System.Runtime.InteropServices;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Storage.Repositories;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>REST of the repositories.</summary>
internal static class RepositoryEndpoints
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1000;

    public static void MapRepositories(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/repositories").RequireAuthorization(TokenAuthentication.Admin);
        all.MapPost("", Create).WithName("CreateRepository");
        all.MapGet("", List).WithName("ListRepositories");
        all.MapGet("{id}", Get).WithName("GetRepository");
        all.MapDelete("{id}", Delete).WithName("DeleteRepository");
        all.MapGet("{id}/transactions/{transaction}", GetTransaction).WithName("GetTransaction");
        all.MapPost("{id}/accept-data-loss", AcceptDataLoss).WithName("AcceptDataLoss");
    }

    private static async Task<IResult> Create(
        HttpRequest request, RepositoryProvisioning provisioning, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<CreateRepositoryRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (provisioning.FindStorage(body.VirtualStorage) is not { } storage)
            return Problems.UnknownVirtualStorage(body.VirtualStorage);
        if (!RepositoryPath.TryParse(body.Path, null, out var path)) return Problems.InvalidPath();
        var branch = "refs/heads/" + (body.DefaultBranch ?? "main");
        // "HEAD" and a leading dash are valid refs, but git accepts no such branch.
        if (!RefName.IsValid(branch) || body.DefaultBranch is "HEAD" or ['-', ..]) return Problems.InvalidBranch();

        if (!IdempotencyKey.TryRead(request, out var key)) return Problems.InvalidIdempotencyKey();

        return await provisioning.Create(storage, path, branch, key) switch
        {
            Creation.Done done => TypedResults.Created(
                Address(done.Record.Id), RepositoryResources.Describe(done.Record, done.View)),
            Creation.Wanted wanted => TypedResults.Accepted(
                Address(wanted.Record.Id), RepositoryResources.Describe(wanted.Record, null)),
            Creation.KeyTaken { IsSame: true } => Problems.CreatedAndDeleted(),
            Creation.KeyTaken => Problems.IdempotencyKeyReused(),
            Creation.PathTaken => Problems.PathTaken(storage.Name, path.Value),
            _ => Problems.NoStorageNodes(storage.Name),
        };
    }

    private static async Task<IResult> List(
        HttpRequest request, RepositoryDirectory directory, RepositoryViewReader views, CancellationToken cancellation)
    {
        if (ParseLimit(request.Query["limit"]) is not { } limit)
            return Problems.InvalidParameter("limit", $"The limit must be one number from 1 to {LimitMax}.");
        if (ParseCursor(request.Query["cursor"]) is not { } cursor)
            return Problems.InvalidParameter("cursor", "The cursor must be one that an earlier page gave.");

        var records = await directory.List(cursor.VirtualStorage, cursor.Path, limit + 1);
        var page = records.Length > limit ? records[..limit] : records;
        var items = ImmutableCollectionsMarshal.AsImmutableArray(
            await Task.WhenAll(page.Select(r => views.Get(r, cancellation))));
        var next = records.Length > limit ? ListCursor.Behind(page[^1]).ToString() : null;
        return TypedResults.Ok(new Page<RepositoryResource>(items, next));
    }

    private static async Task<IResult> Get(
        string id, RepositoryDirectory directory, IGrainFactory grains, CancellationToken cancellation)
    {
        if (await Find(directory, id) is not { } record) return Problems.RepositoryNotFound(id);
        var view = await View(grains, record.Id, cancellation);
        return view is null && record.State is RepositoryRecordState.Deleting
            ? Problems.RepositoryNotFound(id)
            : TypedResults.Ok(RepositoryResources.Describe(record, view));
    }

    private static async Task<IResult> Delete(
        string id, RepositoryDirectory directory, RepositoryProvisioning provisioning)
    {
        if (await Find(directory, id) is not { State: not RepositoryRecordState.Deleting } record)
            return Problems.RepositoryNotFound(id);
        await provisioning.Delete(record);
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

    private static int? ParseLimit(StringValues given) => given switch
    {
        [] => LimitDefault,
        [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= LimitMax => limit,
        _ => null,
    };

    private static ListCursor? ParseCursor(StringValues given) => given switch
    {
        [] => ListCursor.Start,
        [{ } text] => ListCursor.Parse(text),
        _ => null,
    };

    private static async Task<RepositoryRecord?> Find(RepositoryDirectory directory, string id) =>
        RepositoryId.TryParse(id, null, out var parsed) ? await directory.Get(parsed) : null;

    private static Task<RepositoryView?> View(IGrainFactory grains, RepositoryId id, CancellationToken cancellation) =>
        grains.GetGrain<IRepositoryGrain>(id.Value).GetView(cancellation);

    private static string Address(RepositoryId id) => $"/v1/repositories/{id}";
}
