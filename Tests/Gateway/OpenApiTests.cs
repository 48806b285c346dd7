using System.Text.Json.Nodes;
using Aedile.Client.Model;
using Aedile.Silo.Gateway.OpenApi;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Aedile.Tests.Tidy;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Aedile.Tests.Gateway;

/// <summary>Goal: the checked-in document is what the program serves, and tells the whole truth.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private const string DocumentPath = "docs/openapi.json";
    private const string Update = "AEDILE_UPDATE=openapi";

    private readonly string _folder = Directory.CreateTempSubdirectory("aedile-openapi-").FullName;
    private DataFolder _data = null!;
    private WebApplication _silo = null!;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        _data = DataFolder.Open(_folder, "test.lock");
        var arguments = new SiloArguments(_folder, new Uri("http://127.0.0.1:0"), null, []);
        // Never opened: endpoints are there before anything starts.
        _silo = SiloProgram.Build(arguments, _data, SiloDatabase.OnPostgres("Host=127.0.0.1"));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_document_is_the_checked_in_one()
    {
        var path = Path.Combine(SourceTree.Root, DocumentPath);
        var now = OpenApiDocument.Write(Endpoints);
        if (Environment.GetEnvironmentVariable("AEDILE_UPDATE") == "openapi") File.WriteAllText(path, now);
        var then = File.Exists(path) ? File.ReadAllText(path) : "";
        if (now == then) return;
        var (before, after) = (then.Split('\n'), now.Split('\n'));
        var first = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"The interface differs from {DocumentPath}, first in line {first + 1}:\n"
            + $"  checked in: {before.ElementAtOrDefault(first)}\n  now:        {after.ElementAtOrDefault(first)}\n"
            + $"If that is meant, run `{Update} ./test unit` and look at the difference before you commit it.");
    }

    [Fact]
    public void The_same_program_writes_the_same_document() =>
        Assert.Equal(OpenApiDocument.Write(Endpoints), OpenApiDocument.Write(Endpoints.Reverse()));

    [Fact]
    public void Every_endpoint_says_what_it_is_called_does_and_answers() =>
        SourceTree.MustBeEmpty(
            from endpoint in OpenApiDocument.Described(Endpoints)
            let metadata = endpoint.Metadata
            where metadata.GetMetadata<IEndpointNameMetadata>() is null
                || metadata.GetMetadata<IEndpointSummaryMetadata>() is null
                || metadata.GetMetadata<IProducesResponseTypeMetadata>() is null
            select $"{endpoint.RoutePattern.RawText}: it lacks .Describe(name, summary) or .Answers<T>()");

    [Fact]
    public void Every_endpoint_bounds_its_body_and_asks_for_a_token_but_the_few_that_are_open()
    {
        string[] open =
            ["/healthz", "/readyz", "/v1/agents/enrol", "/v1/enrol", "/v1/login", "/v1/login/certificate"];
        var described = OpenApiDocument.Described(Endpoints).ToList();
        SourceTree.MustBeEmpty(
            from endpoint in described
            where endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("v1", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<BodyLimit>() is null
            select $"{endpoint.RoutePattern.RawText}: it lacks .LimitBody(bytes)");
        Assert.Equal(open, described
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_has_a_schema_of_its_own_and_every_reference_leads_somewhere()
    {
        var document = JsonNode.Parse(OpenApiDocument.Write(Endpoints))!;
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var kind in EntityKinds.All)
        {
            var name = kind.SpecType.Name;
            Assert.Equal("object", (string?)schemas[name]!["type"]);
            Assert.NotNull(schemas[name]!["description"]);
            Assert.NotNull(schemas[name[..^4] + "Entity"]);
        }

        foreach (var reference in References(document))
            Assert.True(schemas.ContainsKey(reference.Split('/')[^1]), reference);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .Select(operation => (string?)operation.Value!["operationId"]).ToList();
        Assert.Equal(operations.Distinct(), operations);
    }

    private IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Endpoints =>
        ((IEndpointRouteBuilder)_silo).DataSources.SelectMany(source => source.Endpoints);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member is { Key: "$ref", Value: JsonValue value }
            ? [(string)value!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
