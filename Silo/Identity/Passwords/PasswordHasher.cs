using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Passwords;

/// <summary>
/// Slow hashes of passwords: PBKDF2 with HMAC-SHA-512 (RFC 8018), the best that the framework has. 210,000 iterations
/// take about 0.14 s of a processor, which is also what a guess costs; the caller bounds how many run at once.
/// </summary>
/// <param name="iterations">What new hashes cost. Old ones are checked with their own figure.</param>
internal sealed class PasswordHasher(int iterations)
{
    /// <summary>Fewest characters of a password.</summary>
    public const int CharactersMin = 12;

    /// <summary>Most characters: hashing a megabyte must not be free for the sender.</summary>
    public const int CharactersMax = 256;

    private const string Algorithm = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // Checked when there is nothing to check against, so that an answer's time doesn't tell which accounts exist.
    private readonly PasswordHash _nobody = new(
        Algorithm, iterations, Base64Url.EncodeToString(new byte[SaltBytes]),
        Base64Url.EncodeToString(new byte[HashBytes]));

    /// <summary>Why a password can't be set; null when it can.</summary>
    public static string? WhyNot(string password) => password.Length switch
    {
        < CharactersMin => $"A password has at least {CharactersMin} characters.",
        > CharactersMax => $"A password has at most {CharactersMax} characters.",
        _ => null,
    };

    /// <summary>Hashes a password with new salt.</summary>
    public PasswordHash Hash(string password)
    {
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        Span<byte> value = stackalloc byte[HashBytes];
        Derive(password, salt, value, iterations);
        return new PasswordHash(
            Algorithm, iterations, Base64Url.EncodeToString(salt), Base64Url.EncodeToString(value));
    }

    /// <summary>Whether it is the password. Takes as long for a wrong one, and for a hash that isn't there.</summary>
    public bool IsRight(string password, PasswordHash? hash)
    {
        var isKnown = hash is { Algorithm: Algorithm, Iterations: >= 1 and <= IdentityRules.IterationsMax };
        var known = isKnown ? hash! : _nobody;
        var salt = CanonicalBase64Url.Decode(known.Salt);
        var expected = CanonicalBase64Url.Decode(known.Value);
        if (salt is null || expected is not { Length: >= HashBytes } || password.Length > CharactersMax)
            (known, salt, expected, password) = (_nobody, new byte[SaltBytes], new byte[HashBytes], "");
        var actual = new byte[expected.Length];
        Derive(password, salt, actual, known.Iterations);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && !ReferenceEquals(known, _nobody);
    }

    /// <summary>Whether a right password should be hashed anew: its hash is cheaper than new ones.</summary>
    public bool IsOutdated(PasswordHash hash) => hash.Algorithm != Algorithm || hash.Iterations < iterations;

    private static void Derive(string password, ReadOnlySpan<byte> salt, Span<byte> value, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, value, iterations, HashAlgorithmName.SHA512);
}
