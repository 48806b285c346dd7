using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Client.Gateway;

/// <summary>Logins and tokens. A login doesn't change the client's own token: the caller sets it.</summary>
public sealed class IdentityCalls
{
    private readonly GatewayConnection _gateway;

    internal IdentityCalls(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>Logs in by name and password, or by a token of an external signer.</summary>
    /// <exception cref="ProblemException"><c>login-wrong</c>, <c>too-many-logins</c>.</exception>
    public Task<TokenResource> Login(LoginRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<TokenResource>(GatewayRequest.Act(HttpMethod.Post, "/v1/login", request), cancellation);

    /// <summary>Spends a one-time token, and sets a password if one is given.</summary>
    /// <exception cref="ProblemException"><c>enrolment-over</c>: it was used before, or is too late.</exception>
    public Task<TokenResource> Enrol(EnrolRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<TokenResource>(GatewayRequest.Act(HttpMethod.Post, "/v1/enrol", request), cancellation);

    /// <summary>Logs in by the certificate that the connection shows.</summary>
    /// <exception cref="ProblemException"><c>certificate-missing</c>, <c>certificate-unknown</c>,
    /// <c>certificate-expired</c>, <c>certificate-not-yet-valid</c>, <c>identity-disabled</c>, <c>too-many-logins</c>.
    /// </exception>
    public Task<TokenResource> LoginByCertificate(CancellationToken cancellation = default) =>
        _gateway.Call<TokenResource>(GatewayRequest.Act(HttpMethod.Post, "/v1/login/certificate"), cancellation);

    /// <summary>Makes a token.</summary>
    public Task<TokenResource> Issue(IssueTokenRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<TokenResource>(GatewayRequest.Act(HttpMethod.Post, "/v1/tokens", request), cancellation);

    /// <summary>Takes a token back; nothing happens when it was taken back before.</summary>
    public Task Revoke(TokenId token, CancellationToken cancellation = default) =>
        _gateway.Do(Again(HttpMethod.Delete, $"/v1/tokens/{token}"), cancellation);

    /// <summary>Takes back all tokens that an identity was given until now.</summary>
    public Task RevokeAll(EntityId identity, CancellationToken cancellation = default) =>
        _gateway.Do(Again(HttpMethod.Delete, $"/v1/identities/{identity}/tokens"), cancellation);

    /// <summary>Makes a one-time token for an identity.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="life">How long it may be used, in whole seconds; null: seven days.</param>
    /// <param name="cancellation">Ends the wait; it may have been made.</param>
    public Task<EnrolmentResource> IssueEnrolment(
        EntityId identity, TimeSpan? life = null, CancellationToken cancellation = default) =>
        _gateway.Call<EnrolmentResource>(
            GatewayRequest.Act(
                HttpMethod.Post, $"/v1/identities/{identity}/enrolments",
                new IssueEnrolmentRequest((int?)life?.TotalSeconds)), cancellation);

    /// <summary>Makes a client certificate a login of a person or program; again, it changes nothing.</summary>
    /// <exception cref="ProblemException"><c>certificate-taken</c>: it is somebody else's.</exception>
    public Task<CertificateResource> AddCertificate(
        EntityId identity, AddCertificateRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<CertificateResource>(
            GatewayRequest.Act(HttpMethod.Post, $"/v1/identities/{identity}/certificates", request), cancellation);

    /// <summary>Sets a password. Tokens that the identity has stay good.</summary>
    public Task SetPassword(
        EntityId identity, SetPasswordRequest request, CancellationToken cancellation = default) =>
        _gateway.Do(
            GatewayRequest.Act(HttpMethod.Put, $"/v1/identities/{identity}/password", request), cancellation);

    // Done twice it is as done once.
    private static GatewayRequest Again(HttpMethod method, string path) =>
        GatewayRequest.Act(method, path) with { IsRepeatable = true };
}
