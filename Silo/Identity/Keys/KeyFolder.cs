using System.Collections.Immutable;
using System.Security.Cryptography;
using Aedile.Client.Identity;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Identity.Keys;

/// <summary>
/// Private halves of this silo's signing keys: one file each (PKCS #8, mode 600), named after the key's id. Nothing
/// else ever holds them. One process uses the folder.
/// </summary>
internal sealed class KeyFolder(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Ending = ".pk8";

    /// <summary>Ids of the keys on disk. What is half written, or no key, is none.</summary>
    public ImmutableHashSet<string> Held() => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*" + Ending).Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .Where(name => KeyId.TryParse(name, null, out _))]
        : [];

    /// <summary>Makes a key and keeps it; it is on disk, power cut or not, when this returns.</summary>
    public VerificationKey Make()
    {
        Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = VerificationKey.Of(key);
        DurableFile.Write(FileOf(made.Id.Value), key.ExportPkcs8PrivateKey(), Private);
        return made;
    }

    /// <summary>Keeps a key that was made elsewhere; it is on disk, power cut or not, when this returns.</summary>
    /// <param name="id">Its id, of the form of a key's.</param>
    /// <param name="key">PKCS #8.</param>
    public void Keep(string id, ReadOnlySpan<byte> key)
    {
        Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        DurableFile.Write(FileOf(id), key, Private);
    }

    /// <summary>The bytes of a key.</summary>
    /// <returns>Null when they can't be read.</returns>
    public byte[]? Read(string id)
    {
        try
        {
            return File.ReadAllBytes(FileOf(id));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // As good as none: another one is made.
        }
    }

    /// <summary>Reads a key.</summary>
    /// <returns>Null when the file is not that key: it was damaged or exchanged.</returns>
    public ECDsa? Open(string id)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(FileOf(id)), out _);
            if (KeyId.Of(key.ExportSubjectPublicKeyInfo()).Value == id) return key;
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // No key can be had from it: another one is made.
        }
        key.Dispose();
        return null;
    }

    /// <summary>Deletes a key; that there is none is no error.</summary>
    public void Forget(string id) => File.Delete(FileOf(id));

    private string FileOf(string id) => Path.Combine(path, KeyId.Parse(id) + Ending);
}
