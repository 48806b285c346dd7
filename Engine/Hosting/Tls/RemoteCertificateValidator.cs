using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Connections.Security;

/// <summary>Judges the certificate of the other end, in the place of the machine's own rules.</summary>
/// <param name="certificate">What it showed.</param>
/// <param name="chain">How the machine tried to trace it to a root that it trusts.</param>
/// <param name="policyErrors">What the machine found wrong with it.</param>
/// <returns>Whether to trust it.</returns>
public delegate bool RemoteCertificateValidator(
    X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors policyErrors);
