using System.Security.Cryptography;

namespace Aedile.Silo.Hosting;

/// <summary>
/// Source of ids that nobody can guess. A port, so that simulation gives the same ids for the same seed.
/// </summary>
public interface IIdSource
{
    /// <summary>128 bits, never given before.</summary>
    Guid Next();
}

/// <summary>Ids from the machine's source of chance.</summary>
internal sealed class RandomIds : IIdSource
{
    public Guid Next()
    {
        Span<byte> bits = stackalloc byte[16];
        RandomNumberGenerator.Fill(bits);
        return new Guid(bits);
    }
}
