using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;

namespace Aedile.Silo.Gateway.Access;

/// <summary>REST of tokens: issue one, take one or all of an identity back.</summary>
internal static class TokenEndpoints
{
    private const string Kind = "tokens";

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        // Any caller: about oneself no permission is needed, about others each call asks for it.
        var tokens = routes.MapGroup("/v1").RequireAuthorization(TokenAuthentication.Admin);
        tokens.MapPost("tokens", Issue).WithName("IssueToken");
        tokens.MapDelete("tokens/{id}", Revoke).WithName("RevokeToken");
        tokens.MapDelete("identities/{id}/tokens", RevokeAll).WithName("RevokeTokensOfIdentity");
    }

    private static async Task<IResult> Issue(
        HttpRequest request, IIdentityModel model, TokenIssuer issuer, IdentityOptions options,
        CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<IssueTokenRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (body.LifeSeconds is < 1 || body.LifeSeconds > options.TokenLifeMax.TotalSeconds)
            return Problems.InvalidParameter(
                "lifeSeconds", $"A token lives from 1 to {options.TokenLifeMax.TotalSeconds} s.");
        var caller = Caller.Of(request.HttpContext.User)!;
        if ((body.Identity ?? caller.Token?.Identity) is not { } id) return Problems.MissingField("identity");
        if (model.Find(EntityKind.Of<IdentitySpec>(), id) is not { Spec: IdentitySpec spec } identity)
            return AccessProblems.NoSuchIdentity(id.ToString());
        var roles = body.Roles is { } asked ? asked : [.. spec.Roles];
        if (roles.Any(role => !spec.Roles.Contains(role)))
            return Problems.InvalidParameter("roles", $"'{id}' has not all of these roles.");
        var trust = model.Trust;
        if (id != caller.Token?.Identity && !caller.May(Need.Write(Kind), trust))
            return AccessProblems.Forbidden(Need.Write(Kind));
        // Not even for oneself: a token with few roles must not make one with more.
        if (!Permissions.MayGrant(
            caller.Granted(trust), roles.SelectMany(role => Permissions.OfRole(role, trust))))
            return AccessProblems.MoreThanOwn();
        var life = body.LifeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LoginLife;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (spec.Disabled) return Problems.InvalidParameter("identity", $"'{id}' is disabled.");
        return issuer.Issue(identity, roles, life) is { } issued
            ? TypedResults.Json(LoginEndpoints.Describe(issued), statusCode: StatusCodes.Status201Created)
            : Problems.Unavailable("This silo has no key to sign with yet, or the identity gets no tokens.");
    }

    private static Task<IResult> Revoke(
        string id, HttpContext http, IIdentityModel model, IdentityOptions options, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!TokenId.TryParse(id, null, out var token))
            return Task.FromResult<IResult>(Problems.InvalidParameter("id", $"'{id}' is no token id."));
        var caller = Caller.Of(http.User)!;
        return caller.Token?.Id == token || caller.May(Need.Write(Kind), model.Trust)
            ? Write(
                new RevocationSpec(clock.GetUtcNow() + options.TokenLifeMax, Token: token),
                NamedIds.Of("revocation", token.Value), caller, model, cancellation)
            : Task.FromResult<IResult>(AccessProblems.Forbidden(Need.Write(Kind)));
    }

    private static Task<IResult> RevokeAll(
        string id, HttpContext http, IIdentityModel model, IdentityOptions options, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!EntityId.TryParse(id, null, out var identity)
            || model.Find(EntityKind.Of<IdentitySpec>(), identity) is null)
            return Task.FromResult<IResult>(AccessProblems.NoSuchIdentity(id));
        var caller = Caller.Of(http.User)!;
        var now = clock.GetUtcNow();
        return caller.Token?.Identity == identity || caller.May(Need.Write(Kind), model.Trust)
            ? Write(
                new RevocationSpec(now + options.TokenLifeMax, Identity: identity, IssuedBefore: now),
                NamedIds.Of("revocation", $"{identity} {now:O}"), caller, model, cancellation)
            : Task.FromResult<IResult>(AccessProblems.Forbidden(Need.Write(Kind)));
    }

    private static async Task<IResult> Write(
        RevocationSpec spec, EntityId id, Caller caller, IIdentityModel model, CancellationToken cancellation)
    {
        var write = await model.Write(caller.Name, [ModelChange.Create(id, spec)], cancellation);
        return write.Outcome switch
        {
            // Lost: it was taken back before, which is what was asked for.
            ModelOutcome.Written or ModelOutcome.Lost => TypedResults.NoContent(),
            ModelOutcome.Refused => Problems.InvalidParameter(write.Field ?? "", write.Detail),
            _ => Problems.Unavailable("The revocation could not be written; try again."),
        };
    }
}
