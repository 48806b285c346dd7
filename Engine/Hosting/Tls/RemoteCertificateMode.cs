namespace Orleans.Connections.Security;

/// <summary>Whether the other end of a connection must prove who it is.</summary>
public enum RemoteCertificateMode
{
    /// <summary>It is not asked for a certificate.</summary>
    NoCertificate,

    /// <summary>It is asked; one that it shows must be valid.</summary>
    AllowCertificate,

    /// <summary>It must show one that is valid.</summary>
    RequireCertificate,
}
