using System.Security.Cryptography;
using System.Text;

namespace Aedile.Agent.Fleet;

/// <summary>The secret that silos and agents show each other.</summary>
internal sealed class FleetToken
{
    private const int LengthMin = 16;
    private const string Scheme = "Bearer ";
    private readonly byte[] _digest;

    private FleetToken(string value) => (Value, _digest) = (value, Digest(value));

    /// <summary>The secret itself. It must not reach a log or an argument list.</summary>
    public string Value { get; }

    /// <summary>Reads it from a file.</summary>
    /// <exception cref="StartException">The file can't be read, or holds no usable token.</exception>
    public static FleetToken Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length >= LengthMin && text.All(c => c is > ' ' and <= '~')
                ? new FleetToken(text)
                : throw new StartException($"'{path}' must hold a token of at least {LengthMin} printable characters.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The token can't be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a request shows it. The time taken doesn't tell how much of a guess was right.</summary>
    public bool IsShownBy(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(header[Scheme.Length..].Trim()), _digest);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
