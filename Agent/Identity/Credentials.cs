using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Agent.Model;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// Who this agent is and whom it believes, now and on disk. One writer at a time; readers need no lock.
/// </summary>
internal sealed class Credentials
{
    private readonly CredentialFolder _folder;
    private readonly ECDsa _key;
    private readonly Lock _writing = new();
    private volatile Granted _granted;
    private volatile CopyTrust? _copy;
    private PeerTrust? _written;

    /// <summary>Takes what was given for a key.</summary>
    public Credentials(CredentialFolder folder, ECDsa key, AgentGrant grant) =>
        (_folder, _key, _granted) = (folder, key, Open(grant, key));

    /// <summary>What silos gave last.</summary>
    public AgentGrant Grant => _granted.Grant;

    /// <summary>This agent's node.</summary>
    public NodeName Node => Grant.Node;

    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Certificate => _granted.Certificate;

    /// <summary>
    /// Whom the agent believes: by its copy of the model, or by what came with the grant while the copy is older.
    /// </summary>
    public TrustCopy Trust => _granted is var granted && _copy?.NotBefore(granted.Grant.Trust) is { } newer
        ? newer
        : granted.Trust;

    /// <summary>From now on the copy of the model says whom to believe.</summary>
    public void Follow(AgentModel model) => _copy = new CopyTrust(model);

    /// <summary>Files for git's own connections, as of now.</summary>
    /// <exception cref="IOException">The disk did not take what has changed.</exception>
    public CredentialFolder Files()
    {
        var peers = Trust.Peers;
        lock (_writing)
        {
            if (!ReferenceEquals(_written, peers)) _folder.KeepAuthorities(peers);
            _written = peers;
        }
        return _folder;
    }

    /// <summary>A request for the next certificate of the same key (DER).</summary>
    public byte[] MakeSigningRequest() => SigningRequestOf(_key);

    /// <summary>A request for a certificate of a key (DER). What it asks to be called counts for nothing.</summary>
    public static byte[] SigningRequestOf(ECDsa key) =>
        new CertificateRequest("CN=agent", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>Takes what a silo gave anew; it is on disk when this returns.</summary>
    /// <exception cref="IOException">The disk did not take it; what was there before still counts.</exception>
    /// <exception cref="InvalidDataException">It can't be used; what was there before still counts.</exception>
    public void Take(AgentGrant grant)
    {
        var granted = Open(grant, _key);
        _folder.Keep(grant);
        _granted = granted;
    }

    private static Granted Open(AgentGrant grant, ECDsa key)
    {
        using var bare = CredentialFolder.Certificate(grant);
        return new Granted(grant, bare.CopyWithPrivateKey(key), TrustCopy.Of(grant.Trust));
    }

    private sealed record Granted(AgentGrant Grant, X509Certificate2 Certificate, TrustCopy Trust);
}
