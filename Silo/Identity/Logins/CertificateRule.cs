using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Logins;

/// <summary>When a client certificate that the model has is a login. Pure.</summary>
internal static class CertificateRule
{
    /// <summary>Who may have one: agents and silos have certificates of the fleet's own authorities.</summary>
    public static bool MayLogIn(IdentityType type) => type is IdentityType.Person or IdentityType.Program;

    /// <summary>Why it is none now; null when it is one.</summary>
    /// <param name="shown">The certificate.</param>
    /// <param name="proof">What the model says of it, which may end it earlier than itself.</param>
    /// <param name="now">Now.</param>
    /// <param name="skew">How far the clock of who made it may be from this one.</param>
    public static LoginRefusal? WhyNot(
        X509Certificate2 shown, CertificateProof proof, DateTimeOffset now, TimeSpan skew)
    {
        if (now < BeginOf(shown) - skew) return LoginRefusal.CertificateNotYetValid;
        var end = EndOf(shown) < proof.NotAfter ? EndOf(shown) : proof.NotAfter;
        return now >= end + skew ? LoginRefusal.CertificateExpired : null;
    }

    /// <summary>When it ends (UTC).</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) =>
        new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    private static DateTimeOffset BeginOf(X509Certificate2 certificate) =>
        new(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
}
