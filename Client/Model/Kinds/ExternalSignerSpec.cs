using System.Collections.Immutable;

namespace Aedile.Client.Model.Kinds;

/// <summary>
/// An OIDC provider whose tokens are taken for a login. Exactly one of the two sources of keys is given.
/// </summary>
/// <param name="Issuer">The <c>iss</c> that its tokens must have, character for character; an https address.</param>
/// <param name="Audience">The <c>aud</c> that its tokens must have.</param>
/// <param name="JwksUri">Where its keys are fetched; https.</param>
/// <param name="Keys">Its keys, each a JSON Web Key as text, if they are not to be fetched.</param>
/// <param name="SubjectClaim">Which claim names the account. Default <c>sub</c>, which providers never reuse.</param>
/// <param name="Disabled">Whether logins by it are refused.</param>
[EntityKind("external-signer", "external-signers")]
public sealed record ExternalSignerSpec(
    string Issuer, string Audience, Uri? JwksUri = null, ImmutableArray<string>? Keys = null,
    string SubjectClaim = "sub", bool Disabled = false) : EntitySpec;
