using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>Body of <c>POST /v1/login</c>: name and password, or a token of an external signer.</summary>
/// <param name="Name">Name of the identity.</param>
/// <param name="Password">Its password.</param>
/// <param name="ExternalToken">An ID token of an external signer, instead of both.</param>
public sealed record LoginRequest(string? Name = null, string? Password = null, string? ExternalToken = null);

/// <summary>Body of <c>POST /v1/enrol</c>.</summary>
/// <param name="EnrolmentToken">The one-time token.</param>
/// <param name="Password">The password to set; null when none is wanted.</param>
public sealed record EnrolRequest(string EnrolmentToken, string? Password = null);

/// <summary>Body of <c>POST /v1/tokens</c>.</summary>
/// <param name="Identity">Whose token; null: the caller's own.</param>
/// <param name="Roles">Which roles it may use; null: all that the identity has.</param>
/// <param name="LifeSeconds">How long it lives; null: as long as a login's.</param>
public sealed record IssueTokenRequest(
    EntityId? Identity = null, ImmutableArray<EntityId>? Roles = null, int? LifeSeconds = null);

/// <summary>A token, shown once.</summary>
/// <param name="Token">What is sent as <c>Authorization: Bearer</c>, or as Git's password.</param>
/// <param name="Id">Its id, to revoke it by.</param>
/// <param name="Identity">Whose it is.</param>
/// <param name="Roles">The roles that it may use.</param>
/// <param name="ExpiresAt">Until when (UTC) it is taken.</param>
public sealed record TokenResource(
    string Token, TokenId Id, EntityId Identity, ImmutableArray<EntityId> Roles, DateTimeOffset ExpiresAt);

/// <summary>Body of <c>POST /v1/identities/{id}/enrolments</c>.</summary>
/// <param name="LifeSeconds">How long the one-time token may be used; null: seven days.</param>
public sealed record IssueEnrolmentRequest(int? LifeSeconds = null);

/// <summary>A one-time token, shown once.</summary>
/// <param name="EnrolmentToken">What <c>POST /v1/enrol</c> takes.</param>
/// <param name="Authenticator">Id of the entity that keeps its digest; deleting it takes the token back.</param>
/// <param name="ExpiresAt">Until when (UTC) it may be used.</param>
public sealed record EnrolmentResource(string EnrolmentToken, EntityId Authenticator, DateTimeOffset ExpiresAt);

/// <summary>Body of <c>POST /v1/identities/{id}/certificates</c>.</summary>
/// <param name="Certificate">The certificate (PEM), without its key.</param>
public sealed record AddCertificateRequest(string Certificate);

/// <summary>A client certificate that is a login.</summary>
/// <param name="Authenticator">Id of the entity that says so; deleting it takes the login away.</param>
/// <param name="Fingerprint">Which certificate.</param>
/// <param name="ExpiresAt">Until when (UTC) it is taken.</param>
public sealed record CertificateResource(EntityId Authenticator, Fingerprint Fingerprint, DateTimeOffset ExpiresAt);

/// <summary>Body of <c>PUT /v1/identities/{id}/password</c>.</summary>
/// <param name="Password">The new one, 12 to 256 characters.</param>
/// <param name="CurrentPassword">
/// The old one, with which everybody may set a password of his own; null: the caller writes authenticators.
/// </param>
public sealed record SetPasswordRequest(string Password, string? CurrentPassword = null);
