using Aedile.Client.Model;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>What this agent has of the model, for people who look for the reason of a verdict.</summary>
internal static class CopyEndpoints
{
    public static void MapCopy(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/model", (AgentModel model) => Describe(model));
        routes.MapGet("/v1/model/{kind}/{id}", Find);
    }

    private static CopyResource Describe(AgentModel model)
    {
        var copy = model.Current;
        return new CopyResource(
            copy.Point with { AgeMs = (long)model.Age.TotalMilliseconds }, copy.Count, copy.Unreadable);
    }

    private static IResult Find(string kind, string id, AgentModel model) =>
        EntityKinds.Find(kind) is { } known && EntityId.TryParse(id, null, out var parsed)
            && model.Current.Find(new EntityKey(known, parsed)) is { } entity
            ? TypedResults.Ok(entity)
            : TypedResults.NotFound();
}
