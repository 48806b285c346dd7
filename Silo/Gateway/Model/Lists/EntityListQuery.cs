using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Silo.Gateway.OpenApi;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>What a list's address asks for.</summary>
/// <param name="List">Which entities.</param>
/// <param name="Fields">Which of their members; null for all.</param>
internal sealed record EntityListQuery(EntityList List, FieldSelection? Fields)
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1_000;

    /// <summary>What the query may hold, for the document.</summary>
    public static IReadOnlyList<RequestParameter> Parameters { get; } =
    [
        RequestParameter.Limit(LimitDefault, LimitMax),
        RequestParameter.Cursor,
        RequestParameter.Query(
            "filter",
            "Which entities, as in: name contains \"x\" and (tags.zone = \"a\" or not version < 5). A page may have "
            + "few or no items and still a nextCursor."),
        RequestParameter.Query("sort", "Members that decide the order, descending with -, as in -updatedAt,name."),
        RequestParameter.Query("fields", "Members that are shown, as in name,spec; id and version always are."),
    ];

    /// <summary>Parses the query.</summary>
    /// <returns>The list, or what is wrong.</returns>
    public static (EntityListQuery? Query, Refusal? Refusal) Parse(IQueryCollection query, EntityKind kind)
    {
        var (page, mistake) = PageQuery.Parse(query, LimitDefault, LimitMax);
        if (page is null) return (null, mistake);
        var members = EntityMembers.Of(kind);
        var (filter, filterFault) = Read<FilterExpression>(query["filter"], members, FilterParser.Parse);
        if (filterFault is not null) return (null, ModelProblems.InvalidFilter(filterFault));
        var (sort, sortFault) = Read<EntitySort>(query["sort"], members, EntitySort.Parse);
        if (sortFault is not null) return (null, Problems.InvalidParameter("sort", sortFault.ToString()));
        var (fields, fieldsFault) = Read<FieldSelection>(query["fields"], members, FieldSelection.Parse);
        if (fieldsFault is not null) return (null, Problems.InvalidParameter("fields", fieldsFault.ToString()));
        var list = new EntityList(filter, sort ?? EntitySort.ByName, page.Limit, page.After);
        return list.IsAfterSound
            ? (new EntityListQuery(list, fields), null)
            : (null, Problems.InvalidParameter("cursor", "The cursor is of a list in another order: begin anew."));
    }

    /// <summary>The answer that shows a part of the list.</summary>
    public IResult Show(EntityListPart part, long index)
    {
        var next = part.Next is { } place ? PageQuery.CursorAfter(place) : null;
        return Fields is null
            ? TypedResults.Ok(new EntityPage(part.Items, next, index))
            : TypedResults.Json(
                new JsonObject
                {
                    ["items"] = new JsonArray([.. part.Items.Select(JsonNode (entity) => Fields.Of(entity))]),
                    ["nextCursor"] = next,
                    ["index"] = index,
                }, Wire.Json);
    }

    private static (T? Value, QueryFault? Fault) Read<T>(
        StringValues given, EntityMembers members, Func<string, EntityMembers, (T?, QueryFault?)> parse)
        where T : class => given switch
        {
            [] => (null, null),
            [{ } text] => parse(text, members),
            _ => (null, new QueryFault(1, "it is given once.")),
        };
}
