using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Aedile.Agent.Fleet;
using Aedile.Client;
using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// What proves who this agent is, on disk: its key, which is made once and never leaves the folder, and what silos gave
/// for it. Each file is replaced as a whole.
/// </summary>
internal sealed class CredentialFolder(string path)
{
    /// <summary>The private key, PEM.</summary>
    public string KeyFile { get; } = Path.Combine(path, "key.pem");

    /// <summary>The certificate for git's connections, PEM; follows from the grant.</summary>
    public string CertificateFile { get; } = Path.Combine(path, "certificate.pem");

    /// <summary>The fleet's authorities for git's connections, PEM; written when git is about to need them.</summary>
    public string AuthoritiesFile { get; } = Path.Combine(path, "authorities.pem");

    private string GrantFile => Path.Combine(path, "grant.json");

    /// <summary>The agent's key; made if there is none that can be read.</summary>
    /// <exception cref="StartException">The folder can't be used.</exception>
    public ECDsa OpenKey()
    {
        try
        {
            if (TryReadKey() is { } kept) return kept;
            PrivateFile.MakeFolder(path);
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PrivateFile.Write(KeyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"'{path}' can't be used: {e.Message}", e);
        }
    }

    /// <summary>What silos gave last.</summary>
    /// <param name="key">The agent's key.</param>
    /// <returns>Null when there is nothing, it is damaged, or it is for another key: then it proves nothing.</returns>
    public AgentGrant? ReadGrant(ECDsa key)
    {
        if (Read() is not { } grant) return null;
        try
        {
            using var certificate = Certificate(grant);
            using var holder = certificate.GetECDsaPublicKey();
            return holder is not null && holder.ExportSubjectPublicKeyInfo().AsSpan()
                .SequenceEqual(key.ExportSubjectPublicKeyInfo()) ? grant : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps a grant; it is on disk when this returns.</summary>
    public void Keep(AgentGrant grant)
    {
        PrivateFile.MakeFolder(path);
        PrivateFile.Write(GrantFile, JsonSerializer.SerializeToUtf8Bytes(grant, Wire.Json));
        using var certificate = Certificate(grant);
        PrivateFile.Write(CertificateFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
    }

    /// <summary>Keeps the authorities; they are on disk when this returns.</summary>
    public void KeepAuthorities(PeerTrust peers) =>
        PrivateFile.Write(AuthoritiesFile, Encoding.ASCII.GetBytes(peers.ExportAuthorities()));

    /// <summary>A grant's certificate, without its key.</summary>
    public static X509Certificate2 Certificate(AgentGrant grant) =>
        X509CertificateLoader.LoadCertificate(Base64Url.DecodeFromChars(grant.Certificate));

    private ECDsa? TryReadKey()
    {
        if (!File.Exists(KeyFile)) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(KeyFile));
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null; // What was given for it is lost with it; the agent enrols anew.
        }
    }

    private AgentGrant? Read()
    {
        try
        {
            return File.Exists(GrantFile)
                ? JsonSerializer.Deserialize<AgentGrant>(File.ReadAllBytes(GrantFile), Wire.Json)
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // Of another program or damaged: silos give it again.
        }
    }
}
