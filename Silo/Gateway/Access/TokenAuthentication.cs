using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Access;

/// <summary>What a bearer must present.</summary>
internal sealed class TokenOptions : AuthenticationSchemeOptions
{
    /// <summary>SHA-256 of the token; the token itself is not kept.</summary>
    public byte[] Digest { get; set; } = [];
}

/// <summary>
/// Knows one token, given as <c>Authorization: Bearer</c> or as the password of <c>Basic</c> (any user name: git asks
/// for both). Compares in fixed time.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<TokenOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<TokenOptions>(options, logger, encoder)
{
    /// <summary>Scheme and policy of people and their programs.</summary>
    public const string Admin = "admin";

    /// <summary>Scheme and policy of agents.</summary>
    public const string Fleet = "fleet";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    /// <summary>Digest of a token, as <see cref="TokenOptions"/> holds it.</summary>
    public static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken(Request.Headers.Authorization.ToString()) is not { } token)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (!CryptographicOperations.FixedTimeEquals(DigestOf(token), Options.Digest))
            return Task.FromResult(AuthenticateResult.Fail("The token is wrong."));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, Scheme.Name)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = new([$"Bearer realm=\"aedile\"", "Basic realm=\"aedile\""]);
        return Problems.Write(Context, Problems.Unauthorized());
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Write(Context, Problems.Unauthorized());

    private static string? ReadToken(string header)
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
