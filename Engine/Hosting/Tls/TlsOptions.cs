using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Orleans.Connections.Security;

/// <summary>How connections between silos, and between clients and silos, are encrypted and proved.</summary>
public class TlsOptions
{
    private TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What this end shows. A silo needs one, with its private key; it shows it too when it connects to others.
    /// </summary>
    public X509Certificate2? LocalCertificate { get; set; }

    /// <summary>What is asked of the end that takes a connection. Default: a valid certificate.</summary>
    public RemoteCertificateMode RemoteCertificateMode { get; set; } = RemoteCertificateMode.RequireCertificate;

    /// <summary>What is asked of the end that connects. Default: if it shows a certificate, a valid one.</summary>
    public RemoteCertificateMode ClientCertificateMode { get; set; } = RemoteCertificateMode.AllowCertificate;

    /// <summary>Judges the other end's certificate. Null: the machine's own rules do.</summary>
    public RemoteCertificateValidator? RemoteCertificateValidation { get; set; }

    /// <summary>Default: TLS 1.3 and 1.2.</summary>
    public SslProtocols SslProtocols { get; set; } = SslProtocols.Tls13 | SslProtocols.Tls12;

    /// <summary>Whether withdrawn certificates are looked up; each costs a connection. Default false.</summary>
    public bool CheckCertificateRevocation { get; set; }

    /// <summary>Called before each connection that this end makes; sets the name that is expected.</summary>
    public Action<ConnectionContext, TlsClientAuthenticationOptions>? OnAuthenticateAsClient { get; set; }

    /// <summary>How long the other end may take to prove itself. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan HandshakeTimeout
    {
        get => _handshakeTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _handshakeTimeout = value;
        }
    }

    /// <summary>Trusts everybody. For tests only: it makes connections secret, but to whom is unknown.</summary>
    public void AllowAnyRemoteCertificate() => RemoteCertificateValidation = (_, _, _) => true;
}
