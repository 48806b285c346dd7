using Aedile.Client.Model;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Model.Lists;
using Aedile.Silo.Gateway.OpenApi;

namespace Aedile.Silo.Gateway.Model;

/// <summary>REST of the model: every kind by the same conventions.</summary>
internal static class ModelEndpoints
{
    private const string MergeType = "application/merge-patch+json";

    private static readonly RequestParameter[] Freshness =
    [
        RequestParameter.Query("consistency", "local: as this silo has it; latest: nothing acknowledged is missing.")
            with { Values = ["local", "latest"] },
        RequestParameter.Query("atLeast", "An index that must be in the answer, as a write gave it.", "integer"),
        RequestParameter.Query("maxStaleness", "How old the silo's copy may be, in milliseconds.", "integer"),
    ];

    private static readonly RequestParameter[] Version =
        [RequestParameter.Header("If-Match", "The entity's ETag, or * for whichever version.")];

    public static void MapModel(this IEndpointRouteBuilder routes)
    {
        var model = routes.MapGroup("/v1/model").RequireNeed("model").LimitBody(EntityWrites.BytesMax);
        model.MapGet("", EntityReads.Describe)
            .Describe("GetModel", "Shows what this silo's copy of the model holds.").Answers<ModelResource>();
        MapReads(model);
        MapWrites(model);
        MapTransfer(routes);
        routes.MapGet("/v1/changes", (HttpContext http, ChangesFeed feed) => feed.Send(http)).RequireNeed("changes")
            .LimitBody(EntityWrites.BytesMax)
            .Describe("WatchChanges", "Sends every entry of the journal, as JSON lines or server-sent events.")
            .Reads(
                RequestParameter.Query("after", "The index that is known already.", "integer"),
                RequestParameter.Query(
                    "follow", "Whether to go on with entries to come; true when left out.", "boolean"),
                RequestParameter.Header("Last-Event-ID", "As after; browsers send it when they come back."))
            .Answers<JournalEntry>(200, "application/x-ndjson", "text/event-stream").Refuses(400, 410, 503);
    }

    /// <summary>What a silo answers even while its database is away.</summary>
    public static void MapReads(RouteGroupBuilder model)
    {
        model.MapGet("{kinds}", EntityReads.List).Describe("ListEntities", "Lists entities of a kind.")
            .Reads([.. EntityListQuery.Parameters, .. Freshness]).Answers<EntityPage>().Refuses(400, 404, 503);
        model.MapGet("{kinds}/{id}", EntityReads.Get).Describe("GetEntity", "Shows an entity; its ETag is its version.")
            .Reads(Freshness).Answers<Entity>().Refuses(400, 404, 503);
    }

    // They need more than to read and to write, and look for it themselves.
    private static void MapTransfer(IEndpointRouteBuilder routes)
    {
        var transfer = routes.MapGroup("/v1/model").RequireAuthorization(TokenAuthentication.Admin)
            .LimitBody(EntityWrites.BytesMax);
        transfer.MapGet("export", ModelTransfer.Export)
            .Describe("ExportModel", "Gives the whole model out, as JSON lines; needs model:export.")
            .Reads([RequestParameter.Query("secrets", "include: with hashes; for administrators."), .. Freshness])
            .Answers<string>(200, ModelTransfer.LinesType).Refuses(400, 403, 503);
        transfer.MapPost("import", ModelTransfer.Import)
            .Describe("ImportModel", "Makes an export the model; for administrators.")
            .Reads(RequestParameter.Query("replace", "Whether definitions that are there may go.", "boolean"))
            .Takes<string>(ModelTransfer.ImportBytesMax, ModelTransfer.LinesType)
            .Answers<ImportResource>().Refuses(403, 409, 422, 503);
    }

    private static void MapWrites(RouteGroupBuilder model)
    {
        model.MapPost("transactions", (HttpContext http, EntityWrites writes) => writes.Transact(http))
            .Describe("Transact", "Makes several changes, all or none.").Reads(RequestParameter.IdempotencyKey)
            .Takes<TransactionRequest>(EntityWrites.TransactionBytesMax)
            .Answers<ReceiptResource>().Answers<ReceiptResource>(202).Refuses(404, 409, 412, 422, 503);
        model.MapPost("{kinds}", (string kinds, HttpContext http, EntityWrites writes) => writes.Create(kinds, http))
            .Describe("CreateEntity", "Creates an entity.").Reads(RequestParameter.IdempotencyKey)
            .Takes<EntityDraftDocument>(EntityWrites.BytesMax)
            .Answers<Entity>(201).Answers<ReceiptResource>(202).Answers(204).Refuses(404, 409, 422, 503);
        model.MapPut("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
                writes.Update(kinds, id, http))
            .Describe("UpdateEntity", "Replaces name, tags and spec.").Reads(Version)
            .Takes<EntityDraftDocument>(EntityWrites.BytesMax)
            .Answers<Entity>().Answers<ReceiptResource>(202).Answers(204).Refuses(404, 409, 412, 428, 503);
        model.MapPatch("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
                writes.Patch(kinds, id, http))
            .Describe("PatchEntity", "Merges name, tags and spec (RFC 7396).").Reads(Version)
            .Takes<EntityDraftDocument>(EntityWrites.BytesMax, MergeType, "application/json")
            .Answers<Entity>().Answers<ReceiptResource>(202).Answers(204).Refuses(404, 409, 412, 503);
        model.MapDelete("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
                writes.Delete(kinds, id, http))
            .Describe("DeleteEntity", "Deletes an entity that no other refers to.").Reads(Version)
            .Answers<ReceiptResource>(202).Answers(204).Refuses(400, 404, 409, 412, 428, 503);
    }
}
