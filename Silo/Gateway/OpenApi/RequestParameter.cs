namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>Something that an endpoint reads from the address or a header: part of the endpoint's metadata.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="Type">Its type in JSON Schema.</param>
internal sealed record RequestParameter(string Name, string Place, string Description, string Type = "string")
{
    /// <summary>Whether requests without it are refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The only values; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>A part of the address.</summary>
    public static RequestParameter Path(string name, string description) =>
        new(name, "path", description) { IsRequired = true };

    /// <summary>A part of the query.</summary>
    public static RequestParameter Query(string name, string description, string type = "string") =>
        new(name, "query", description, type);

    /// <summary>A header.</summary>
    public static RequestParameter Header(string name, string description) => new(name, "header", description);

    /// <summary>How many items a page has.</summary>
    public static RequestParameter Limit(int limitDefault, int limitMax) => Query(
        "limit", $"Most items of the page, 1 to {limitMax}; {limitDefault} when left out.", "integer");

    /// <summary>Where a page begins.</summary>
    public static RequestParameter Cursor { get; } = Query(
        "cursor", "The nextCursor of the page before; the first page when left out.");

    /// <summary>Makes a repeated request harmless.</summary>
    public static RequestParameter IdempotencyKey { get; } = Header(
        "Idempotency-Key",
        "1 to 255 visible ASCII characters: the same request with the same key within a day has its effect once.");
}
