using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// Issues tokens and takes them back, for REST and for the dashboard alike. About oneself no permission is needed,
/// about others it is.
/// </summary>
internal sealed class TokenDesk(
    IIdentityModel model, TokenIssuer issuer, IdentityOptions options, TimeProvider clock)
{
    private const string Kind = "tokens";

    /// <summary>Issues a token.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">Whose, with which roles, for how long.</param>
    /// <returns>The token, or why there is none.</returns>
    public (IssuedToken? Token, Refusal? Refusal) Issue(Caller caller, IssueTokenRequest request)
    {
        if (request.LifeSeconds is < 1 || request.LifeSeconds > options.TokenLifeMax.TotalSeconds)
            return (null, Problems.InvalidParameter(
                "lifeSeconds", $"A token lives from 1 to {options.TokenLifeMax.TotalSeconds} s."));
        if ((request.Identity ?? caller.Token?.Identity) is not { } id)
            return (null, Problems.MissingField("identity"));
        if (model.Find(EntityKind.Of<IdentitySpec>(), id) is not { Spec: IdentitySpec spec } identity)
            return (null, AccessProblems.NoSuchIdentity(id.ToString()));
        var roles = request.Roles is { } asked ? asked : [.. spec.Roles];
        if (roles.Any(role => !spec.Roles.Contains(role)))
            return (null, Problems.InvalidParameter("roles", $"'{id}' has not all of these roles."));
        if (WhyNot(caller, id) is { } forbidden) return (null, forbidden);
        // Not even for oneself: a token with few roles must not make one with more.
        var trust = model.Trust;
        if (!Permissions.MayGrant(
            caller.Granted(trust), roles.SelectMany(role => Permissions.OfRole(role, trust))))
            return (null, AccessProblems.MoreThanOwn());
        if (spec.Disabled) return (null, Problems.InvalidParameter("identity", $"'{id}' is disabled."));
        var life = request.LifeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LoginLife;
        return issuer.Issue(identity, roles, life) is { } issued
            ? (issued, null)
            : (null, Problems.Unavailable(
                "This silo has no key to sign with yet, or the identity gets no tokens."));
    }

    /// <summary>Takes one token back.</summary>
    /// <returns>Why it was not; null when it was, or had been before.</returns>
    public async Task<Refusal?> Revoke(Caller caller, string id, CancellationToken cancellation)
    {
        if (!TokenId.TryParse(id, null, out var token))
            return Problems.InvalidParameter("id", $"'{id}' is no token id.");
        return caller.Token?.Id == token || caller.May(Need.Write(Kind), model.Trust)
            ? await Write(
                new RevocationSpec(clock.GetUtcNow() + options.TokenLifeMax, Token: token),
                NamedIds.Of("revocation", token.Value), caller, cancellation)
            : AccessProblems.Forbidden(Need.Write(Kind));
    }

    /// <summary>Takes all tokens of an identity back that were issued until now.</summary>
    /// <returns>Why they were not; null when they were.</returns>
    public async Task<Refusal?> RevokeAll(Caller caller, string id, CancellationToken cancellation)
    {
        if (!EntityId.TryParse(id, null, out var identity)
            || model.Find(EntityKind.Of<IdentitySpec>(), identity) is null) return AccessProblems.NoSuchIdentity(id);
        if (WhyNot(caller, identity) is { } forbidden) return forbidden;
        var now = clock.GetUtcNow();
        return await Write(
            new RevocationSpec(now + options.TokenLifeMax, Identity: identity, IssuedBefore: now),
            NamedIds.Of("revocation", $"{identity} {now:O}"), caller, cancellation);
    }

    private Refusal? WhyNot(Caller caller, EntityId identity) =>
        caller.Token?.Identity == identity || caller.May(Need.Write(Kind), model.Trust)
            ? null
            : AccessProblems.Forbidden(Need.Write(Kind));

    private async Task<Refusal?> Write(
        RevocationSpec spec, EntityId id, Caller caller, CancellationToken cancellation)
    {
        var write = await model.Write(caller.Name, [ModelChange.Create(id, spec)], cancellation);
        return write.Outcome switch
        {
            // Lost: it was taken back before, which is what was asked for.
            ModelOutcome.Written or ModelOutcome.Lost => null,
            ModelOutcome.Refused => Problems.InvalidParameter(write.Field ?? "", write.Detail),
            _ => Problems.Unavailable("The revocation could not be written; try again."),
        };
    }
}
