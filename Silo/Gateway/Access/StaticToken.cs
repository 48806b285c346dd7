using System.Security.Cryptography;
using System.Text;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// The administrator's token in a file of the data folder: who may write that file may do everything. It is taken back
/// by another one in the file, which counts after <see cref="LookInterval"/> at most; without a file, or with less than
/// 16 characters in it, nobody has this token.
/// </summary>
/// <param name="file">Holds the token.</param>
/// <param name="clock">When to look at the file again.</param>
/// <param name="log">Told of changes.</param>
internal sealed class StaticToken(string file, TimeProvider clock, ILogger<StaticToken> log)
{
    /// <summary>Who holds it, in the audit log: no identity can have this id.</summary>
    public const string Holder = "admin.token";

    /// <summary>How old what was read may be.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly byte[] SessionPurpose = "aedile dashboard session"u8.ToArray();

    private readonly Lock _looking = new();
    private Held? _held;
    private long? _lookedAt;

    /// <summary>Whether this is the token. Compares in fixed time.</summary>
    public bool Is(string token) => SessionOf(token) is not null;

    /// <summary>What a dashboard's session keeps of the token; null when this is not the token.</summary>
    public string? SessionOf(string token) => Current() is { } held
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), held.Digest)
            ? held.Session
            : null;

    /// <summary>Whether a session keeps what it has of the token that is in the file now.</summary>
    public bool IsSession(string kept) => Current() is { } held && held.Session == kept;

    private Held? Current()
    {
        lock (_looking)
        {
            var now = clock.GetTimestamp();
            if (_lookedAt is not { } before || clock.GetElapsedTime(before, now) >= LookInterval)
            {
                Look(isFirst: _lookedAt is null);
                _lookedAt = now;
            }

            return _held;
        }
    }

    private void Look(bool isFirst)
    {
        Held? held = null;
        try
        {
            held = Held.Of(DataFolder.ReadSecret(file));
        }
        catch (StartupException error)
        {
            if (isFirst || _held is not null) log.StaticTokenGone(error.Message);
        }

        if (held is not null && !isFirst && held.Session != _held?.Session) log.StaticTokenReplaced(file);
        _held = held;
    }

    // The token itself is not kept.
    private sealed record Held(byte[] Digest, string Session)
    {
        public static Held Of(string token)
        {
            var text = Encoding.UTF8.GetBytes(token);
            return new Held(
                SHA256.HashData(text), Convert.ToHexStringLower(HMACSHA256.HashData(text, SessionPurpose)));
        }
    }
}
