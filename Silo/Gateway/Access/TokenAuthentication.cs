using System.Text;
using System.Text.Encodings.Web;
using Aedile.Client.Identity;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// Knows one static token and those that silos issued; given as <c>Authorization: Bearer</c> or as the password of
/// <c>Basic</c> (any user name: git asks for both). Compares in fixed time.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    StaticToken staticToken, TokenVerifier verifier, IIdentityModel model, FleetPeers peers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme.</summary>
    public new const string Scheme = Admin;

    /// <summary>Policy of people and their programs.</summary>
    public const string Admin = "admin";

    /// <summary>Policy of agents.</summary>
    public const string Agent = "agent";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    private TokenRefusal? _refusal;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken(Request.Headers.Authorization.ToString()) is not { } token)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (staticToken.Is(token)) return Task.FromResult(Success(new Caller(StaticToken.Holder, null)));
        // Two dots: a static token has none.
        if (token.Count(c => c is '.') != 2)
            return Task.FromResult(AuthenticateResult.Fail("The token is wrong."));
        var shown = Context.Connection.ClientCertificate;
        var verdict = verifier.Verify(
            token, model.Trust, TokenAudience.Silos, shown is null ? null : Fingerprint.Of(shown));
        // On an encrypted connection an agent shows that it has its key, too: its token alone is of no use elsewhere.
        if (verdict.Token is { Kind: TokenKind.Agent } agent && Request.IsHttps
            && peers.Identify(shown, PeerUse.Client) != agent.Identity)
            verdict = TokenVerdict.Refused(TokenRefusal.WrongCertificate);
        _refusal = verdict.Refusal;
        return Task.FromResult(verdict.Token is { } taken
            ? Success(new Caller(taken.Identity.Value, taken))
            : AuthenticateResult.Fail($"The token is refused: {verdict.Refusal}."));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = new([$"Bearer realm=\"aedile\"", "Basic realm=\"aedile\""]);
        return Problems.Write(
            Context, _refusal is { } reason ? AccessProblems.TokenRefused(reason) : Problems.Unauthorized());
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var need = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .SelectMany(policy => policy.Requirements).OfType<NeedRequirement>().FirstOrDefault()?.Of(Context);
        return Problems.Write(Context, need is null ? AccessProblems.WrongKind() : AccessProblems.Forbidden(need));
    }

    private static AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(
        new System.Security.Claims.ClaimsPrincipal(new CallerIdentity(caller, Scheme)), Scheme));

    /// <summary>The token of a header; null for none.</summary>
    public static string? ReadToken(string header)
    {
        if (header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
            return header[BearerPrefix.Length..].Trim();
        if (!header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase)) return null;
        var encoded = header[BasicPrefix.Length..].Trim();
        var buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out var length)) return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? pair[(colon + 1)..] : null;
    }
}
