using System.Net;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Passwords;

namespace Aedile.Silo.Identity.Logins;

/// <summary>
/// Logins by a one-time token. The token is spent, and a password set if one is given, in one transaction with a
/// compare-and-set; only then is anything answered: of two that come at once, one gets in.
/// </summary>
internal sealed class EnrolmentLogin(
    IIdentityModel model, TokenIssuer issuer, LoginGate gate, PasswordHasher hasher, IdentityOptions options,
    TimeProvider clock, ILogger<EnrolmentLogin> log)
{
    private const string Way = "enrolment";

    /// <summary>Spends a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="password">The password to set; null: the identity needs none.</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait; the token may have been spent.</param>
    public async Task<LoginAnswer> Enter(
        string text, string? password, IPAddress? from, CancellationToken cancellation)
    {
        var wait = gate.Take(null, from);
        if (wait > TimeSpan.Zero) return LoginAnswer.Later(wait);
        if (!EnrolmentTokens.TryParse(text, out var id, out var secret)
            || model.Find(EntityKind.Of<AuthenticatorSpec>(), id) is not { Spec: AuthenticatorSpec spec } stored
            || spec.Enrolment is not { } proof) return Refuse(LoginAnswer.Wrong, from, "no such token");
        var (outcome, spent) = EnrolmentTokens.Redeem(proof, secret, clock.GetUtcNow());
        switch (outcome)
        {
            case EnrolmentOutcome.Used:
                return Refuse(LoginAnswer.Refused(LoginRefusal.Used, "The token was used before."), from, "used");
            case EnrolmentOutcome.Expired:
                return Refuse(LoginAnswer.Refused(LoginRefusal.Expired, "The token is too late."), from, "too late");
            case EnrolmentOutcome.Good:
                break;
            default:
                return Refuse(LoginAnswer.Wrong, from, "wrong secret");
        }
        var identity = model.Find(EntityKind.Of<IdentitySpec>(), spec.Identity);
        if (identity?.Spec is not IdentitySpec { Disabled: false } who)
            return Refuse(LoginAnswer.Wrong, from, "the identity is disabled");
        if (who.Type is IdentityType.Agent)
            return LoginAnswer.Refused(LoginRefusal.BadRequest, "An agent enrols with a key: POST /v1/agents/enrol.");
        if (password is not null && PasswordHasher.WhyNot(password) is { } why)
            return LoginAnswer.Refused(LoginRefusal.BadPassword, why);

        var changes = new List<ModelChange> { ModelChange.Update(stored, spec with { Enrolment = spent }) };
        if (password is not null)
        {
            using var turn = await gate.Hash(cancellation);
            if (turn is null) return LoginAnswer.NotNow;
            changes.Add(SetPassword(identity.Id, hasher.Hash(password)));
        }
        var write = await model.Write($"login:{identity.Id}", changes, cancellation);
        if (write.Outcome is ModelOutcome.Lost)
            return Refuse(LoginAnswer.Refused(LoginRefusal.Used, "The token was used before."), from, "used at once");
        if (write.Outcome is not ModelOutcome.Written) return LoginAnswer.NotNow;
        log.LoggedIn(identity.Id, Way, from);
        return LoginAnswer.Of(issuer.Issue(identity, who.Roles, options.LoginLife));
    }

    private ModelChange SetPassword(EntityId identity, PasswordHash hash)
    {
        var id = NamedIds.PasswordOf(identity);
        var spec = new AuthenticatorSpec(identity, Password: new PasswordProof(hash));
        return model.Find(EntityKind.Of<AuthenticatorSpec>(), id) is { } before
            ? ModelChange.Update(before, spec)
            : ModelChange.Create(id, spec);
    }

    private LoginAnswer Refuse(LoginAnswer answer, IPAddress? from, string why)
    {
        log.LoginRefused(Way, from, why);
        return answer;
    }
}
