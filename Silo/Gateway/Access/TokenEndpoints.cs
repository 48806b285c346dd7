using Aedile.Client.Identity;
using Aedile.Silo.Gateway.OpenApi;

namespace Aedile.Silo.Gateway.Access;

/// <summary>REST of tokens: issue one, take one or all of an identity back.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        // Any caller: about oneself no permission is needed, about others each call asks for it.
        var tokens = routes.MapGroup("/v1").RequireAuthorization(TokenAuthentication.Admin)
            .LimitBody(RequestBody.BytesMax);
        tokens.MapPost("tokens", Issue)
            .Describe("IssueToken", "Issues a token; about others than oneself it needs tokens:write.")
            .Takes<IssueTokenRequest>(RequestBody.BytesMax)
            .Answers<TokenResource>(StatusCodes.Status201Created).Refuses(403, 404, 503);
        tokens.MapDelete("tokens/{id}", Revoke).Describe("RevokeToken", "Takes one token back.")
            .Answers(StatusCodes.Status204NoContent).Refuses(400, 403, 503);
        tokens.MapDelete("identities/{id}/tokens", RevokeAll)
            .Describe("RevokeTokensOfIdentity", "Takes all tokens back that an identity was given up to now.")
            .Answers(StatusCodes.Status204NoContent).Refuses(403, 404, 503);
    }

    private static async Task<IResult> Issue(HttpRequest request, TokenDesk desk, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<IssueTokenRequest>(request, cancellation);
        if (body is null) return refusal!;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var (issued, why) = desk.Issue(Caller.Of(request.HttpContext.User)!, body);
        return issued is null
            ? why!
            : TypedResults.Json(LoginEndpoints.Describe(issued), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Revoke(
        string id, HttpContext http, TokenDesk desk, CancellationToken cancellation) =>
        Answer(await desk.Revoke(Caller.Of(http.User)!, id, cancellation));

    private static async Task<IResult> RevokeAll(
        string id, HttpContext http, TokenDesk desk, CancellationToken cancellation) =>
        Answer(await desk.RevokeAll(Caller.Of(http.User)!, id, cancellation));

    private static IResult Answer(Refusal? refusal) => refusal is null ? TypedResults.NoContent() : refusal;
}
