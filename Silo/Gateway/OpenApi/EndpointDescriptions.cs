namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>
/// What endpoints say of themselves, beside where they are mapped; the OpenAPI document is made of nothing else.
/// </summary>
internal static class EndpointDescriptions
{
    /// <summary>Names an operation (never renamed: clients are generated from it) and says what it does.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary);

    /// <summary>What it reads besides its body.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder endpoint, params RequestParameter[] parameters) =>
        endpoint.WithMetadata([.. parameters]);

    /// <summary>Its body.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="limit">Most bytes; larger ones are refused with 413.</param>
    /// <param name="types">Media types; <c>application/json</c> when left out.</param>
    public static RouteHandlerBuilder Takes<T>(
        this RouteHandlerBuilder endpoint, long limit, params string[] types) where T : notnull =>
        endpoint.WithMetadata(new RequestContent(typeof(T), types is [] ? ["application/json"] : [.. types]))
            .LimitBody(limit);

    /// <summary>An answer.</summary>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK, params string[] types) =>
        endpoint.Produces<T>(status, types is [] ? "application/json" : types[0], [.. types.Skip(1)]);

    /// <summary>An answer without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status) =>
        endpoint.Produces(status);

    /// <summary>
    /// Statuses of the problems that are its own; those of tokens, rates and bodies follow from its other metadata.
    /// </summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        endpoint.WithMetadata(new ProblemStatuses([.. statuses]));

    /// <summary>The most bytes that a request's body may have, whether it is read or not.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder endpoint, long bytes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new BodyLimit(bytes)));
        return endpoint;
    }
}
