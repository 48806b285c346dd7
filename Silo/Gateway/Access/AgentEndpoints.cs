using System.Buffers.Text;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.OpenApi;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Agents;
using Aedile.Silo.Identity.Certificates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aedile.Silo.Gateway.Access;

/// <summary>REST by which agents come to their certificate and token, and keep them.</summary>
internal static class AgentEndpoints
{
    public static void MapAgentAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents/enrol", Enrol).AllowAnonymous().LimitBody(RequestBody.BytesMax)
            .Describe("EnrolAgent", "Gives an agent its certificate and token for a one-time token and its key.")
            .Takes<AgentEnrolRequest>(RequestBody.BytesMax).Answers<AgentGrant>().Refuses(401, 410, 429, 503);
        var agents = routes.MapGroup("/v1/agents").RequireAuthorization(TokenAuthentication.Agent)
            .LimitBody(RequestBody.BytesMax);
        agents.MapPost("renew", Renew).Describe("RenewAgent", "Gives an agent its next certificate and token.")
            .Takes<AgentRenewRequest>(RequestBody.BytesMax).Answers<AgentGrant>().Refuses(403, 503);
    }

    private static async Task<IResult> Enrol(
        HttpRequest request, AgentEnrolment enrolment, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<AgentEnrolRequest>(request, cancellation);
        if (body is null) return refusal!;
        var http = request.HttpContext;
        var (grant, why) = await enrolment.Enter(
            body.EnrolmentToken, Decode(body.SigningRequest), http.Connection.RemoteIpAddress, cancellation);
        return grant is null ? LoginEndpoints.Answer(why!, http) : Show(grant, http);
    }

    private static async Task<IResult> Renew(
        HttpRequest request, IIdentityModel model, AgentGrants grants, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<AgentRenewRequest>(request, cancellation);
        if (body is null) return refusal!;
        var http = request.HttpContext;
        var token = Caller.Of(http.User)!.Token!;
        if (SigningRequest.KeyOf(Decode(body.SigningRequest)) is not { } key)
            return Problems.InvalidParameter(
                "signingRequest", "This is no signing request with a key on P-256 that signed it.");
        return model.Find(EntityKind.Of<IdentitySpec>(), token.Identity) is { } identity
            && grants.Issue(identity, key) is { } grant
            ? Show(grant, http)
            : Problems.Unavailable("This silo has no keys to issue with yet; try another one.");
    }

    private static JsonHttpResult<AgentGrant> Show(AgentGrant grant, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(grant, Wire.Json);
    }

    // What can't be decoded is no request; its reader says so.
    private static byte[] Decode(string text) =>
        text.Length <= 2 * SigningRequest.BytesMax && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
}
