using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>REST of the fleet: health, who is there, and the agents' session and questions.</summary>
internal static class FleetEndpoints
{
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n"));
        routes.MapGet("/readyz", GetReadiness);
        routes.MapGet("/v1/fleet", GetFleet).WithName("GetFleet").RequireNeed("nodes");

        var agents = routes.MapGroup("/v1/agents").RequireAuthorization(TokenAuthentication.Fleet);
        agents.MapGet("session", (HttpContext http, SessionEndpoint endpoint) => endpoint.Handle(http));
        agents.MapPost("resolve", Resolve);
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
        HttpRequest request, IGrainFactory grains, CancellationToken cancellation)
    {
        var (question, refusal) = await RequestBody.Read<OpenEntryQuestion>(request, cancellation);
        if (question is null) return refusal!;
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
