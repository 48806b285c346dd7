using Microsoft.AspNetCore.Authentication;

namespace Aedile.Silo.Gateway.Access;

/// <summary>Who may call what: the admin token for people, the fleet token for agents, nothing else.</summary>
internal static class AccessPolicies
{
    /// <summary>Adds both schemes and a policy for each, by the same name.</summary>
    public static void AddAccess(this IServiceCollection services, string adminToken, string fleetToken)
    {
        services.AddAuthentication()
            .AddToken(TokenAuthentication.Admin, adminToken)
            .AddToken(TokenAuthentication.Fleet, fleetToken);
        var policies = services.AddAuthorizationBuilder();
        foreach (var scheme in (string[])[TokenAuthentication.Admin, TokenAuthentication.Fleet])
            policies.AddPolicy(scheme, p => p.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
    }

    private static AuthenticationBuilder AddToken(this AuthenticationBuilder builder, string scheme, string token) =>
        builder.AddScheme<TokenOptions, TokenAuthentication>(
            scheme, options => options.Digest = TokenAuthentication.DigestOf(token));
}
