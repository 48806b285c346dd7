namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>Serves the document to whoever asks: it holds nothing but what the program is.</summary>
internal static class OpenApiEndpoints
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/openapi/v1.json", (OpenApiDocument document) => TypedResults.Text(document.Text, "application/json"))
        .AllowAnonymous();
}
