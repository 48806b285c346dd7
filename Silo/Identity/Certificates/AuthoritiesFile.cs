using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>
/// The certificates of all authorities of the fleet in one file (PEM), for git, curl and browsers: they are public.
/// </summary>
/// <param name="model">Where they are published.</param>
/// <param name="path">The file.</param>
/// <param name="silo">Name of this silo: several may keep the file of one folder.</param>
internal sealed class AuthoritiesFile(IIdentityModel model, string path, string silo)
{
    private const UnixFileMode Public = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    /// <summary>Writes the file if it says something else. Another silo may do so at the same time.</summary>
    public void Turn()
    {
        var text = new StringBuilder();
        var specs = model.List(EntityKind.Of<CertificateAuthoritySpec>()).Select(entity => entity.Spec)
            .OfType<CertificateAuthoritySpec>().OrderBy(spec => spec.Fingerprint.Value, StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            using var root = PeerTrust.ReadAuthority(spec.Certificate);
            if (root is not null) text.Append(root.ExportCertificatePem()).Append('\n');
        }
        if (text.Length == 0 || (File.Exists(path) && File.ReadAllText(path) == text.ToString())) return;
        DurableFile.Write(path, Encoding.ASCII.GetBytes(text.ToString()), Public, $".{silo}");
    }
}
