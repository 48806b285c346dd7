using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>
/// Reads requests for certificates (PKCS #10). Only the key is taken; names and uses are asked of nobody.
/// </summary>
internal static class SigningRequest
{
    /// <summary>Longest request that is looked at.</summary>
    public const int BytesMax = 8 * 1024;

    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>The key of a request whose sender holds its private half. Total.</summary>
    /// <param name="der">The request, DER.</param>
    /// <returns>
    /// Null unless it is one request with an ECDSA key on P-256, signed by that key: the proof that nobody has a
    /// certificate made for a key of somebody else.
    /// </returns>
    public static PublicKey? KeyOf(byte[] der)
    {
        if (der.Length is 0 or > BytesMax) return null;
        try
        {
            var request = CertificateRequest.LoadSigningRequest(
                der, HashAlgorithmName.SHA256, out var consumed, CertificateRequestLoadOptions.Default);
            using var key = request.PublicKey.GetECDsaPublicKey();
            return consumed == der.Length && key?.ExportParameters(false).Curve.Oid.Value == P256
                ? request.PublicKey
                : null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null; // Not a request, another algorithm, or a signature that is not its key's.
        }
    }
}
