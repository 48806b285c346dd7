using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of everything under <c>/v1</c>, made from the endpoints' own metadata and the records' doc
/// comments. The same program always makes the same text.
/// </summary>
internal sealed class OpenApiDocument
{
    private const string Prefix = "/v1";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lazy<string> _text;

    public OpenApiDocument(EndpointDataSource endpoints) =>
        _text = new Lazy<string>(() => Write(endpoints.Endpoints));

    /// <summary>The document. Cost: some ten milliseconds at the first question.</summary>
    public string Text => _text.Value;

    /// <summary>The endpoints that the document describes, by address and method.</summary>
    public static IEnumerable<RouteEndpoint> Described(IEnumerable<Endpoint> endpoints) => endpoints
        .OfType<RouteEndpoint>().Where(endpoint => AddressOf(endpoint) is { } address
            && (address.StartsWith(Prefix + "/", StringComparison.Ordinal) || address is "/healthz" or "/readyz"))
        .OrderBy(AddressOf, StringComparer.Ordinal).ThenBy(MethodOf, StringComparer.Ordinal);

    /// <summary>Writes the document of some endpoints.</summary>
    public static string Write(IEnumerable<Endpoint> endpoints)
    {
        var schemas = new OpenApiSchemas(XmlDocs.Load(Path.Combine(AppContext.BaseDirectory, "Client.xml")));
        var operations = new OpenApiOperations(schemas);
        var paths = new JsonObject();
        foreach (var endpoint in Described(endpoints))
        {
            var address = AddressOf(endpoint);
            if (paths[address] is not JsonObject path) paths[address] = path = [];
            path[MethodOf(endpoint)] = operations.Of(endpoint);
        }

        var responses = operations.Responses();
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Aedile",
                ["version"] = "v1",
                ["description"] =
                    "Every refusal is a problem document (RFC 9457); programs decide by its type. Unknown fields "
                    + "are refused. Nothing is open without a token but what says so.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Named, ["responses"] = responses,
                ["securitySchemes"] = OpenApiOperations.SecuritySchemes(),
            },
        }.ToJsonString(Layout) + "\n";
    }

    private static string AddressOf(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
            string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                _ => "",
            }))));

    private static string MethodOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0].ToLowerInvariant() ?? "get";
}
