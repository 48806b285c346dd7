using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// Who may call this agent: a silo with a token for this node alone, and another node's agent with one that a silo gave
/// it to read. Judged from what is on this machine; nobody is asked.
/// </summary>
internal sealed class CommandGate(Credentials credentials, TokenVerifier verifier, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>Judges a request.</summary>
    /// <returns>Null when it may pass; otherwise status and reason.</returns>
    public (int Status, string Reason)? WhyNot(HttpContext http)
    {
        var isFetch = http.Request.Path.StartsWithSegments("/git", StringComparison.Ordinal);
        var trust = credentials.Trust;
        string? header = http.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (StatusCodes.Status401Unauthorized, "A silo's token for this node is needed.");
        var audience = TokenAudience.AgentOf(credentials.Node);
        var verdict = verifier.Verify(header[Scheme.Length..].Trim(), trust.Tokens, audience);
        if (verdict.Token is not { } token)
            return (StatusCodes.Status401Unauthorized, $"The token is refused: {verdict.Refusal}.");
        if (!AgentCalls.Allow(token, isFetch))
            return (StatusCodes.Status403Forbidden, "The token does not allow this call.");
        return http.Request.IsHttps && !IsPeer(http, trust, isFetch)
            ? (StatusCodes.Status401Unauthorized, "The certificate is not of one who may make this call.")
            : null;
    }

    // Agents show theirs when they fetch from each other: that they may is what the token says.
    private bool IsPeer(HttpContext http, TrustCopy trust, bool isFetch) =>
        http.Connection.ClientCertificate is { } shown
        && trust.Peers.Identify(shown, PeerUse.Client, clock.GetUtcNow()) is { } name
        && (isFetch || trust.IsSilo(name));
}
