using System.Collections.Immutable;
using System.Security.Claims;
using Aedile.Client.Identity;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Silo.Gateway.Access;

/// <summary>Who calls, as far as the gateway knows.</summary>
/// <param name="Name">For the audit: the identity's id, or the name of the static token.</param>
/// <param name="Token">The token that was taken; null for the static token, which may do everything.</param>
internal sealed record Caller(string Name, AccessToken? Token)
{
    private static readonly ImmutableSortedSet<Permission> Everything = [Permission.Parse(Permission.Any)];

    /// <summary>By what right the caller writes: for the sequencer, which looks again.</summary>
    public ActorRights Rights => Token is null
        ? ActorRights.AdminToken
        : new ActorRights(ActorRight.Identity, Token.Identity.Value, [.. Token.Roles.Select(role => role.Value)]);

    /// <summary>Who made a request; null when nobody has proven himself.</summary>
    public static Caller? Of(ClaimsPrincipal user) => user.Identities.OfType<CallerIdentity>().FirstOrDefault()?.Caller;

    /// <summary>Whether the caller may do what a call needs.</summary>
    public bool May(Need need, TrustView trust) =>
        Token is null ? need.Node is null : Permissions.Allow(Token, trust, need);

    /// <summary>All that the caller may do.</summary>
    public ImmutableSortedSet<Permission> Granted(TrustView trust) =>
        Token is null ? Everything : Permissions.Of(Token, trust);
}

/// <summary>A caller as the framework passes it on.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme)
    : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme)
{
    /// <summary>Who calls.</summary>
    public Caller Caller => caller;
}
