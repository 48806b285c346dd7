using System.CommandLine;
using Aedile.Cli.Model;
using Aedile.Client.Identity;

namespace Aedile.Cli.Identity;

/// <summary><c>identity certificate</c>.</summary>
internal static class CertificateCommands
{
    public static Command MakeCertificate(CommandFrame frame)
    {
        var id = ModelCommands.IdArgument();
        var file = new Option<FileInfo>("--certificate")
        {
            Description = "File with the certificate (PEM); a key in it is not sent.", HelpName = "FILE",
            Required = true,
        };
        return frame.Make(
            "certificate", "Lets a person or program log in by a client certificate.", [id, file],
            async (run, ct) =>
            {
                using var certificate = CertificateFiles.Read(run.Get(file)!.FullName);
                var added = await run.Client.Identity.AddCertificate(
                    run.Get(id), new AddCertificateRequest(certificate.ExportCertificatePem()), ct);
                run.Output.Show(
                    added, ("fingerprint", added.Fingerprint.Value), ("expires", Output.At(added.ExpiresAt)),
                    ("authenticator", added.Authenticator.Value));
            });
    }
}
