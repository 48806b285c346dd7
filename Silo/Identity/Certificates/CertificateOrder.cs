using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>What a certificate is to say. The silo decides all of it; a request gives nothing but the key.</summary>
/// <param name="Name">Whom it names.</param>
/// <param name="Key">The holder's public key, on P-256.</param>
/// <param name="DnsNames">Names at which the holder is reached.</param>
/// <param name="Addresses">Addresses at which the holder is reached.</param>
/// <param name="Life">How long it is good.</param>
internal sealed record CertificateOrder(
    PeerName Name, PublicKey Key, ImmutableArray<string> DnsNames, ImmutableArray<IPAddress> Addresses, TimeSpan Life)
{
    /// <summary>When a certificate is to be renewed: a third of its life before its end, time for many tries.</summary>
    public static DateTimeOffset RenewAt(DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        notBefore + ((notAfter - notBefore) * 2 / 3);
}
