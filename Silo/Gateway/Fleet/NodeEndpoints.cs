using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.OpenApi;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>REST of the nodes: where each stands, and what it says of itself.</summary>
internal static class NodeEndpoints
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1_000;

    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/v1/nodes").RequireNeed("nodes").LimitBody(RequestBody.BytesMax);
        nodes.MapGet("", List).Describe("ListNodes", "Lists nodes as this silo sees them, by name.")
            .Reads(RequestParameter.Limit(LimitDefault, LimitMax), RequestParameter.Cursor)
            .Answers<NodePage>().Refuses(400);
        nodes.MapGet("{node}", Get).Describe("GetNode", "Shows a node, and what it last said of itself.")
            .Answers<NodeDetailResource>().Refuses(404);
    }

    private static IResult List(HttpRequest request, FleetNodes nodes)
    {
        var (page, mistake) = PageQuery.Parse(request.Query, LimitDefault, LimitMax);
        if (page is null) return mistake!;
        if (page.After is not ([] or [not null])) return Problems.InvalidCursor();
        var items = nodes.ListNodes(page.After is [{ } last] ? last : "").Take(page.Limit + 1).ToImmutableArray();
        return TypedResults.Ok(items.Length > page.Limit
            ? new NodePage(items[..page.Limit], PageQuery.CursorAfter([items[page.Limit - 1].Name.Value]))
            : new NodePage(items, null));
    }

    private static IResult Get(string node, FleetNodes nodes, NodeStatuses statuses)
    {
        if (!NodeName.TryParse(node, null, out var name) || nodes.FindNode(name) is not { } found)
            return Problems.UnknownNode(node);
        var report = statuses.Find(name) is { } row
            ? new NodeReportResource(row.Epoch, row.BootId, row.Sequence, row.At, SessionStatus.Read(row))
            : null;
        return TypedResults.Ok(new NodeDetailResource(found, report));
    }
}
