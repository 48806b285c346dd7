using Aedile.Silo.Gateway.Access;

namespace Aedile.Silo.Gateway.Model;

/// <summary>REST of the model: every kind by the same conventions.</summary>
internal static class ModelEndpoints
{
    public static void MapModel(this IEndpointRouteBuilder routes)
    {
        var model = routes.MapGroup("/v1/model").RequireAuthorization(TokenAuthentication.Admin);
        model.MapGet("", EntityReads.Describe).WithName("GetModel");
        model.MapPost("transactions", (HttpContext http, EntityWrites writes) => writes.Transact(http))
            .WithName("Transact");
        model.MapGet("{kinds}", EntityReads.List).WithName("ListEntities");
        model.MapPost("{kinds}", (string kinds, HttpContext http, EntityWrites writes) => writes.Create(kinds, http))
            .WithName("CreateEntity");
        model.MapGet("{kinds}/{id}", EntityReads.Get).WithName("GetEntity");
        model.MapPut("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
            writes.Update(kinds, id, http)).WithName("UpdateEntity");
        model.MapPatch("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
            writes.Patch(kinds, id, http)).WithName("PatchEntity");
        model.MapDelete("{kinds}/{id}", (string kinds, string id, HttpContext http, EntityWrites writes) =>
            writes.Delete(kinds, id, http)).WithName("DeleteEntity");
        routes.MapGet("/v1/changes", (HttpContext http, ChangesFeed feed) => feed.Send(http))
            .WithName("WatchChanges").RequireAuthorization(TokenAuthentication.Admin);
    }
}
