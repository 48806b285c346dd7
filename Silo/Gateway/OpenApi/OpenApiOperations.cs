using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Silo.Gateway.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>One operation of the document, from its endpoint's metadata.</summary>
internal sealed class OpenApiOperations(OpenApiSchemas schemas)
{
    private const string JsonType = "application/json";
    private const string ProblemType = "application/problem+json";

    /// <summary>The two kinds of tokens.</summary>
    public static JsonObject SecuritySchemes() => new()
    {
        [TokenAuthentication.Admin] = Scheme("A token of /v1/login, /v1/enrol or /v1/tokens, or the admin token."),
        [TokenAuthentication.Agent] = Scheme("The token that an agent was given when it enrolled."),
    };

    /// <summary>What every refusal looks like.</summary>
    public JsonObject Responses() => new()
    {
        ["Problem"] = new JsonObject
        {
            ["description"] = "A problem (RFC 9457).", ["content"] = Content([ProblemType], typeof(Problem)),
        },
    };

    /// <summary>Describes an endpoint.</summary>
    public JsonObject Of(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var operation = new JsonObject
        {
            ["operationId"] = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName,
            ["summary"] = metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
        };
        if (ParametersOf(endpoint) is { Count: > 0 } parameters) operation["parameters"] = parameters;
        if (metadata.GetMetadata<RequestContent>() is { } content)
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content(content.Types, content.Type),
            };
        operation["responses"] = ResponsesOf(endpoint);
        operation["security"] = SchemeOf(endpoint) is { } scheme
            ? new JsonArray(new JsonObject { [scheme] = new JsonArray() })
            : [];
        return operation;
    }

    private static JsonArray ParametersOf(RouteEndpoint endpoint)
    {
        var said = endpoint.Metadata.GetOrderedMetadata<RequestParameter>();
        var missing = endpoint.RoutePattern.Parameters
            .Where(parameter => said.All(one => one.Name != parameter.Name))
            .Select(parameter => parameter.Name is "kinds"
                ? RequestParameter.Path("kinds", "Plural of the kind.") with
                {
                    Values = [.. EntityKinds.All.Select(kind => kind.Plural)],
                }
                : RequestParameter.Path(parameter.Name, "Its id."));
        return new JsonArray([.. missing.Concat(said).Select(JsonNode (one) => Describe(one))]);
    }

    private static JsonObject Describe(RequestParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Values.Count > 0)
            schema["enum"] = new JsonArray([.. parameter.Values.Select(JsonNode (value) => value)]);
        return new JsonObject
        {
            ["name"] = parameter.Name, ["in"] = parameter.Place, ["description"] = parameter.Description,
            ["required"] = parameter.IsRequired, ["schema"] = schema,
        };
    }

    private JsonObject ResponsesOf(RouteEndpoint endpoint)
    {
        var answers = new SortedDictionary<int, JsonObject>();
        foreach (var produced in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
        {
            var answer = new JsonObject { ["description"] = ReasonPhrases.GetReasonPhrase(produced.StatusCode) };
            if (produced.Type is { } type && type != typeof(void))
                answer["content"] = Content(produced.ContentTypes, type);
            answers[produced.StatusCode] = answer;
        }

        foreach (var status in ProblemsOf(endpoint)) answers[status] = Refusal(ReasonPhrases.GetReasonPhrase(status));
        var all = new JsonObject(answers.Select(answer => KeyValuePair.Create(
            answer.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)answer.Value)));
        all["default"] = Refusal("Any other refusal.");
        return all;
    }

    private static JsonObject Refusal(string description) => new()
    {
        ["$ref"] = "#/components/responses/Problem", ["description"] = description,
    };

    // What follows from the rest of the metadata is said once, here.
    private static IEnumerable<int> ProblemsOf(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var own = metadata.GetOrderedMetadata<ProblemStatuses>().SelectMany(one => one.Statuses);
        ImmutableArray<int> ofToken = SchemeOf(endpoint) switch
        {
            null => [], TokenAuthentication.Admin => [401, 429], _ => [401],
        };
        ImmutableArray<int> ofNeed = metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .SelectMany(policy => policy.Requirements).OfType<NeedRequirement>().Any() ? [403] : [];
        ImmutableArray<int> ofBody = metadata.GetMetadata<RequestContent>() is null ? [] : [400, 413, 415];
        return [.. own, .. ofToken, .. ofNeed, .. ofBody];
    }

    private JsonObject Content(IEnumerable<string> types, Type type) => new(
        types.DefaultIfEmpty(JsonType).Select(one => KeyValuePair.Create(
            one, (JsonNode?)new JsonObject { ["schema"] = schemas.Of(type) })));

    private static string? SchemeOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return null;
        return endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .SelectMany(policy => policy.AuthenticationSchemes)
            .Concat(endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>())
            .FirstOrDefault();
    }

    private static JsonObject Scheme(string description) => new()
    {
        ["type"] = "http", ["scheme"] = "bearer", ["description"] = description,
    };
}
