using System.Net;
using Aedile.Client.Identity;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.SignIn;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// Sign-in to the dashboard by the rules of REST: the static administrator's token, a token that a silo issued, a name
/// with its password, or a one-time token. What was signed in with is judged anew each time, from memory.
/// </summary>
internal sealed class PageSignIn(
    StaticToken staticToken, TokenVerifier verifier, IIdentityModel model, PasswordLogin passwords,
    EnrolmentLogin enrolments, IdentityOptions options) : ISignIn
{
    /// <inheritdoc/>
    public SignInAnswer ByToken(string token) => staticToken.SessionOf(token) is { } session
        ? new SignInAnswer(new Viewer(StaticToken.Holder, session))
        : Enter(token, isOwn: false);

    /// <inheritdoc/>
    public async Task<SignInAnswer> ByPassword(
        string name, string password, IPAddress? from, CancellationToken cancellation) =>
        Describe(await passwords.Enter(name, password, from, cancellation));

    /// <inheritdoc/>
    public async Task<SignInAnswer> ByEnrolment(
        string token, string password, IPAddress? from, CancellationToken cancellation) =>
        Describe(await enrolments.Enter(token, password, from, cancellation));

    /// <inheritdoc/>
    public bool IsCurrent(Viewer viewer) => CallerOf(viewer) is not null;

    /// <inheritdoc/>
    public bool May(Viewer viewer, Need need) => CallerOf(viewer) is { } caller
        && (need.Verb is "read"
            ? caller.May(need, model.Trust)
            : NeedRequirement.MayWrite(caller, need.Kind, model.Trust));

    /// <summary>The viewer as REST would see him; null when what he signed in with is not good any more.</summary>
    public Caller? CallerOf(Viewer viewer)
    {
        if (staticToken.IsSession(viewer.Stamp)) return new Caller(StaticToken.Holder, null);
        return SessionStamp.Parse(viewer.Stamp) is { } stamp
            && verifier.JudgeAgain(stamp.Kid, stamp.Token, model.Trust, TokenAudience.Silos) is null
            ? new Caller(stamp.Token.Identity.Value, stamp.Token)
            : null;
    }

    /// <inheritdoc/>
    public async Task End(Viewer viewer, CancellationToken cancellation)
    {
        if (SessionStamp.Parse(viewer.Stamp) is not { IsOwn: true, Token: var token }) return;
        // A silo that doesn't hear of it within its seconds forgets the session by the token's end at the latest.
        await model.Write(viewer.Name,
        [
            ModelChange.Create(
                NamedIds.Of("revocation", token.Id.Value),
                new RevocationSpec(token.ExpiresAt + options.ClockSkew, Token: token.Id)),
        ], cancellation);
    }

    private SignInAnswer Describe(LoginAnswer answer) => answer switch
    {
        { Token: { } issued } => Enter(issued.Text, isOwn: true),
        { Refusal: LoginRefusal.Later } => SignInAnswer.Refused(SignInRefusal.Later, answer.Wait),
        { Refusal: LoginRefusal.BadPassword } => SignInAnswer.Refused(SignInRefusal.BadPassword),
        { Refusal: LoginRefusal.Used or LoginRefusal.Expired } => SignInAnswer.Refused(SignInRefusal.Over),
        { Refusal: LoginRefusal.NotNow } => SignInAnswer.Refused(SignInRefusal.NotNow),
        _ => SignInAnswer.Refused(SignInRefusal.Wrong),
    };

    private SignInAnswer Enter(string text, bool isOwn)
    {
        var verdict = verifier.Verify(text, model.Trust, TokenAudience.Silos);
        // An agent's token is good for its own node's calls, and pages make none.
        return verdict.Token is { Kind: TokenKind.Access } token
            ? new SignInAnswer(new Viewer(
                token.Identity.Value, new SessionStamp(verdict.Kid, token, isOwn).ToString()))
            : SignInAnswer.Refused(SignInRefusal.Wrong);
    }
}
