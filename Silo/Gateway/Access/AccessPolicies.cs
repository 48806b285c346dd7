using Aedile.Client.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// Who may call what: people and programs with a token that a silo issued, as far as their roles allow, or with the
/// static admin token; agents with the token that they were given when they enrolled; nobody else.
/// </summary>
internal static class AccessPolicies
{
    /// <summary>Adds the scheme, and a policy for people and one for agents.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="staticTokenFile">Holds the static admin token.</param>
    public static void AddAccess(this IServiceCollection services, string staticTokenFile)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(
            TokenAuthentication.Scheme, null);
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<StaticToken>(s, staticTokenFile));
        services.AddAuthorizationBuilder()
            .AddPolicy(TokenAuthentication.Admin, policy => policy
                .AddAuthenticationSchemes(TokenAuthentication.Scheme).RequireAuthenticatedUser()
                .AddRequirements(new KindRequirement(IsAgent: false)))
            .AddPolicy(TokenAuthentication.Agent, policy => policy
                .AddAuthenticationSchemes(TokenAuthentication.Scheme).RequireAuthenticatedUser()
                .AddRequirements(new KindRequirement(IsAgent: true)));
        services.AddSingleton<IAuthorizationHandler, NeedHandler>();
        services.AddSingleton<IAuthorizationHandler, KindHandler>();
        services.AddOptions<RateOptions>().BindConfiguration("Gateway:Rates").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateOptions>, RateOptionsValidator>();
        services.AddSingleton<IdentityRates>();
        services.AddSingleton<IStartupFilter, StrangerDoor>();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<IdentityDesk>();
    }

    /// <summary>Lets only callers in who may read or write, as the request does, what the calls are about.</summary>
    /// <param name="calls">The endpoints.</param>
    /// <param name="kind">What they are about, in the plural.</param>
    public static TBuilder RequireNeed<TBuilder>(this TBuilder calls, string kind)
        where TBuilder : IEndpointConventionBuilder =>
        calls.RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(TokenAuthentication.Scheme).RequireAuthenticatedUser()
            .AddRequirements(new NeedRequirement(kind)));
}

/// <summary>The calls are agents' own, or nothing for agents.</summary>
/// <param name="IsAgent">Which.</param>
internal sealed record KindRequirement(bool IsAgent) : IAuthorizationRequirement;

/// <summary>Keeps agents and people apart.</summary>
internal sealed class KindHandler : AuthorizationHandler<KindRequirement>
{
    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, KindRequirement requirement)
    {
        if (Caller.Of(context.User) is { } caller
            && caller.Token is { Kind: TokenKind.Agent } == requirement.IsAgent) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
