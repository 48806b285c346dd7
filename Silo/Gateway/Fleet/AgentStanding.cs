using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Identity;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Whether whoever opened a connection is, and still is, the agent of a node.</summary>
internal sealed class AgentStanding(TokenVerifier verifier, IIdentityModel model)
{
    /// <summary>Judges by what the model says now. Cost: some microseconds.</summary>
    /// <param name="http">The request that opened the connection, with its token.</param>
    /// <param name="node">Which node it says it is.</param>
    /// <returns>
    /// Why it isn't, and whether it will come back: with the token that took the place of one that is over. Null when
    /// it is.
    /// </returns>
    public (string Reason, bool ComesBack)? WhyNot(HttpContext http, NodeName node)
    {
        var trust = model.Trust;
        var text = TokenAuthentication.ReadToken(http.Request.Headers.Authorization.ToString()) ?? "";
        var shown = http.Connection.ClientCertificate;
        var verdict = verifier.Verify(
            text, trust, TokenAudience.Silos, shown is null ? null : Fingerprint.Of(shown));
        if (verdict.Token is not { } token)
        {
            return ($"the agent's token is refused: {verdict.Refusal}", verdict.Refusal is TokenRefusal.Expired);
        }
        return Permissions.Allow(token, trust, Need.OfAgent(node)) ? null
            : ($"the agent's token is of node {token.Node}, which does not speak for {node}", false);
    }
}
