using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// Who may call what: people and programs with a token that a silo issued, as far as their roles allow, or with the
/// static admin token; agents with the fleet token; nobody else.
/// </summary>
internal static class AccessPolicies
{
    /// <summary>Adds both schemes and a policy for each, by the same name.</summary>
    public static void AddAccess(this IServiceCollection services, string adminToken, string fleetToken)
    {
        services.AddAuthentication()
            .AddToken(TokenAuthentication.Admin, adminToken, takesIssued: true)
            .AddToken(TokenAuthentication.Fleet, fleetToken, takesIssued: false);
        var policies = services.AddAuthorizationBuilder();
        foreach (var scheme in (string[])[TokenAuthentication.Admin, TokenAuthentication.Fleet])
            policies.AddPolicy(scheme, p => p.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
        services.AddSingleton<IAuthorizationHandler, NeedHandler>();
    }

    /// <summary>Lets only callers in who may read or write, as the request does, what the calls are about.</summary>
    /// <param name="calls">The endpoints.</param>
    /// <param name="kind">What they are about, in the plural.</param>
    public static TBuilder RequireNeed<TBuilder>(this TBuilder calls, string kind)
        where TBuilder : IEndpointConventionBuilder =>
        calls.RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(TokenAuthentication.Admin).RequireAuthenticatedUser()
            .AddRequirements(new NeedRequirement(kind)));

    private static AuthenticationBuilder AddToken(
        this AuthenticationBuilder builder, string scheme, string token, bool takesIssued) =>
        builder.AddScheme<TokenOptions, TokenAuthentication>(scheme, options =>
            (options.Digest, options.TakesIssuedTokens) = (TokenAuthentication.DigestOf(token), takesIssued));
}
