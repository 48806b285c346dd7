using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model.Copies;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.OpenApi;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;
using Aedile.Silo.Model.Copies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>REST of the fleet: health, who is there, and the agents' session and questions.</summary>
internal static class FleetEndpoints
{
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n"))
            .Describe("GetHealth", "Says that the process lives.").Answers<string>(200, "text/plain").AllowAnonymous();
        routes.MapGet("/readyz", GetReadiness)
            .Describe("GetReadiness", "Says whether this silo serves, and why not.")
            .Answers<string>(200, "text/plain").Refuses(503).AllowAnonymous();
        routes.MapGet("/v1/fleet", GetFleet).RequireNeed("nodes").LimitBody(RequestBody.BytesMax)
            .Describe("GetFleet", "Shows silos and nodes as this silo sees them.");

        var agents = routes.MapGroup("/v1/agents").RequireAuthorization(TokenAuthentication.Agent)
            .LimitBody(RequestBody.BytesMax);
        agents.MapGet("session", (HttpContext http, SessionEndpoint endpoint) => endpoint.Handle(http))
            .Describe("OpenSession", "Opens an agent's session: a WebSocket of JSON messages.")
            .Answers(101).Refuses(426);
        agents.MapPost("resolve", Resolve)
            .Describe("ResolveEntry", "Tells an agent what became of a write that it promised to make.")
            .Takes<OpenEntryQuestion>(RequestBody.BytesMax).Answers<Resolution>().Refuses(403, 503);
        // Asked by agents whose own silo lags: is this one further?
        agents.MapGet("model", (CopyFeed feed) => TypedResults.Ok(feed.Stand(new CopyScope([]))))
            .Describe("GetCopyStand", "Tells an agent how far this silo's model is.");
    }

    private static async Task<IResult> GetReadiness(
        Readiness readiness, CancellationToken cancellation) => await readiness.Ask(cancellation) is { } reason
        ? Problems.Unavailable(reason)
        : TypedResults.Text("ready\n");

    private static async Task<Ok<FleetResource>> GetFleet(
        SiloIdentity silo, Readiness readiness, FleetNodes nodes, CancellationToken cancellation)
    {
        var me = silo.Describe(await readiness.Ask(cancellation));
        return TypedResults.Ok(new FleetResource(me, nodes.ListSilos(me), nodes.ListNodes()));
    }

    private static async Task<IResult> Resolve(
        HttpRequest request, IGrainFactory grains, IIdentityModel model, CancellationToken cancellation)
    {
        var (question, refusal) = await RequestBody.Read<OpenEntryQuestion>(request, cancellation);
        if (question is null) return refusal!;
        if (!Caller.Of(request.HttpContext.User)!.May(Need.OfAgent(question.Node), model.Trust))
            return AccessProblems.OtherNode(question.Node);
        var reply = await grains.GetGrain<IRepositoryGrain>(question.Repository.Value).Resolve(
            new ResolveQuestion(question.Node, question.Transaction, question.Token, question.Base), cancellation);
        var decision = reply.Decision is { } d ? new DecisionNotice(d.Version, d.Base, d.Checksum) : null;
        return TypedResults.Ok(new Resolution(
            reply.Outcome switch
            {
                PromiseOutcome.Committed => ResolutionOutcome.Committed,
                PromiseOutcome.Aborted => ResolutionOutcome.Aborted,
                // Anything else is no permission to act.
                _ => ResolutionOutcome.Pending,
            }, decision));
    }
}
