using System.Net;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.External;

namespace Aedile.Silo.Identity.Logins;

/// <summary>Logins by a token of an external signer.</summary>
internal sealed class ExternalLogin(
    IIdentityModel model, TokenIssuer issuer, LoginGate gate, SignerKeys keys, IdentityOptions options,
    TimeProvider clock, ILogger<ExternalLogin> log)
{
    private const string Way = "external signer";

    /// <summary>Logs in whom the token names.</summary>
    /// <param name="text">The signer's token.</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait for the signer's keys.</param>
    public async Task<LoginAnswer> Enter(string text, IPAddress? from, CancellationToken cancellation)
    {
        var wait = gate.Take(null, from);
        if (wait > TimeSpan.Zero) return LoginAnswer.Later(wait);
        if (ExternalToken.Parse(text) is not { } token) return Refuse(from, "malformed");
        // Two signers with one issuer: nobody knows whose keys count.
        var signers = model.List(EntityKind.Of<ExternalSignerSpec>())
            .Where(one => one.Spec is ExternalSignerSpec { Disabled: false } spec && spec.Issuer == token.Issuer)
            .Take(2).ToList();
        if (signers is not [{ Spec: ExternalSignerSpec signer } entity]) return Refuse(from, "no such signer");
        if (await keys.Find(entity.Id, signer, token.Kid, cancellation) is not { } key)
            return Refuse(from, "no such key");
        var (subject, refusal) = token.Judge(signer, key, clock.GetUtcNow(), options.ClockSkew);
        if (subject is null) return Refuse(from, refusal.ToString()!);
        var account = new ExternalAccount(entity.Id, subject);
        var identities = model.List(EntityKind.Of<IdentitySpec>())
            .Where(one => one.Spec is IdentitySpec spec && spec.External == account).Take(2).ToList();
        if (identities is not [{ Spec: IdentitySpec { Disabled: false } who } identity])
            return Refuse(from, "not exactly one identity has this account");
        log.LoggedIn(identity.Id, Way, from);
        return LoginAnswer.Of(issuer.Issue(identity, who.Roles, options.LoginLife));
    }

    private LoginAnswer Refuse(IPAddress? from, string why)
    {
        log.LoginRefused(Way, from, why);
        return LoginAnswer.Wrong;
    }
}
