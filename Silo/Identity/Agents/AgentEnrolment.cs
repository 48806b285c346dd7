using System.Net;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Identity.Agents;

/// <summary>
/// Enrols agents: a one-time token and a request for a certificate give both a certificate and a token. The one-time
/// token is spent for the request's key, by a compare-and-set, before anything is answered; whoever has that key, and
/// lost the answer, may ask again while the token's time lasts.
/// </summary>
internal sealed class AgentEnrolment(
    IIdentityModel model, AgentGrants grants, LoginGate gate, TimeProvider clock, ILogger<AgentEnrolment> log)
{
    private const string Way = "enrolment of an agent";

    /// <summary>Spends a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="signingRequest">The request (DER).</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait; the token may have been spent, for this key.</param>
    /// <returns>What the agent gets, or why it gets nothing.</returns>
    public async Task<(AgentGrant? Grant, LoginAnswer? Refusal)> Enter(
        string text, byte[] signingRequest, IPAddress? from, CancellationToken cancellation)
    {
        var wait = gate.Take(null, from);
        if (wait > TimeSpan.Zero) return (null, LoginAnswer.Later(wait));
        if (!EnrolmentTokens.TryParse(text, out var id, out var secret)
            || model.Find(EntityKind.Of<AuthenticatorSpec>(), id) is not { Spec: AuthenticatorSpec spec } stored
            || spec.Enrolment is not { } proof) return Refuse(LoginAnswer.Wrong, from, "no such token");
        if (SigningRequest.KeyOf(signingRequest) is not { } key)
            return Refuse(LoginAnswer.Refused(
                LoginRefusal.BadRequest, "This is no signing request with a key on P-256 that signed it."), from,
                "no signing request");
        var (outcome, spent) = EnrolmentTokens.Redeem(
            proof, secret, clock.GetUtcNow(), KeyId.Of(key.ExportSubjectPublicKeyInfo()));
        if (outcome is EnrolmentOutcome.Used)
            return Refuse(LoginAnswer.Refused(LoginRefusal.Used, "The token was used before."), from, "used");
        if (outcome is EnrolmentOutcome.Expired)
            return Refuse(LoginAnswer.Refused(LoginRefusal.Expired, "The token is too late."), from, "too late");
        if (outcome is not EnrolmentOutcome.Good) return Refuse(LoginAnswer.Wrong, from, "wrong secret");
        if (model.Find(EntityKind.Of<IdentitySpec>(), spec.Identity) is not
            { Spec: IdentitySpec { Type: IdentityType.Agent, Disabled: false } } identity)
            return Refuse(LoginAnswer.Wrong, from, "the identity is disabled, or no agent's");
        // Asked before the token is spent: a silo that can't answer must not cost the agent a try.
        if (!grants.CanIssue) return (null, LoginAnswer.NotNow);
        if (proof.UsedAt is null && await Spend(stored, spec with { Enrolment = spent }, cancellation) is { } why)
            return Refuse(why, from, why.Detail);
        if (grants.Issue(identity, key) is not { } grant) return (null, LoginAnswer.NotNow);
        log.LoggedIn(identity.Id, Way, from);
        return (grant, null);
    }

    private async Task<LoginAnswer?> Spend(Entity stored, AuthenticatorSpec spent, CancellationToken cancellation)
    {
        var write = await model.Write(
            $"login:{spent.Identity}", [ModelChange.Update(stored, spent)], cancellation);
        // Lost to a request of its own perhaps, whose answer went astray: then the next try is let in.
        return write.Outcome is ModelOutcome.Written ? null : LoginAnswer.NotNow;
    }

    private (AgentGrant? Grant, LoginAnswer? Refusal) Refuse(LoginAnswer answer, IPAddress? from, string why)
    {
        log.LoginRefused(Way, from, why);
        return (null, answer);
    }
}
