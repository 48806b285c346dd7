using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aedile.Cli;

/// <summary>Files of certificates (PEM) that a command names.</summary>
internal static class CertificateFiles
{
    private const string Encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <summary>Authorities that gateways are known by.</summary>
    /// <exception cref="UsageException">The file holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (CryptographicException error)
        {
            throw new UsageException($"{file} holds no certificates (PEM): {error.Message}");
        }
        return authorities.Count > 0 ? authorities : throw new UsageException($"{file} holds no certificates (PEM).");
    }

    /// <summary>A certificate with its key, to be shown to gateways; the caller disposes it.</summary>
    /// <param name="certificate">File with it (PEM).</param>
    /// <param name="key">File with its key (PEM); null: the same file.</param>
    /// <param name="askPassword">Asked for the password of a key that has one.</param>
    /// <exception cref="UsageException">They are no certificate with its key.</exception>
    public static X509Certificate2 ReadWithKey(string certificate, string? key, Func<string> askPassword)
    {
        var keyFile = key ?? certificate;
        foreach (var file in (string[])[certificate, keyFile])
        {
            if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        }
        try
        {
            return File.ReadAllText(keyFile).Contains(Encrypted, StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPemFile(certificate, askPassword(), keyFile)
                : X509Certificate2.CreateFromPemFile(certificate, keyFile);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new UsageException(
                $"{certificate} and {keyFile} are no certificate with its key (PEM): {error.Message}");
        }
    }

    /// <summary>A certificate alone; the caller disposes it.</summary>
    /// <exception cref="UsageException">The file holds none.</exception>
    public static X509Certificate2 Read(string file)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(file));
        }
        catch (CryptographicException error)
        {
            throw new UsageException($"{file} holds no certificate (PEM): {error.Message}");
        }
    }
}
