using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>
/// The public half of a key with which one silo signs tokens; the private half never leaves that silo's data folder
/// (docs/adr/0009). Deleting it withdraws every token that it signed.
/// </summary>
/// <param name="Kid">Its id; follows from the key.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo (DER) of an ECDSA key on P-256, base64url.</param>
/// <param name="Silo">Name of the silo that signs with it.</param>
/// <param name="NotBefore">No token is issued with it before (UTC): everybody has it by then.</param>
/// <param name="SignsUntil">No token is issued with it from then on (UTC).</param>
/// <param name="NotAfter">The last of its tokens has expired (UTC); it is of no use any more.</param>
[EntityKind("signing-key", "signing-keys")]
public sealed record SigningKeySpec(
    KeyId Kid, string PublicKey, string Silo, DateTimeOffset NotBefore, DateTimeOffset SignsUntil,
    DateTimeOffset NotAfter) : EntitySpec;
