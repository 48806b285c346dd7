using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Aedile.Client.Identity;

/// <summary>A token whose signature was right, by the key of this id.</summary>
internal sealed record SignedToken(KeyId Kid, AccessToken Token);

/// <summary>SHA-256 of a token's text: tokens themselves are not kept in memory.</summary>
internal readonly record struct TokenDigest(ulong A, ulong B, ulong C, ulong D)
{
    public static TokenDigest Of(string text)
    {
        Span<ulong> digest = stackalloc ulong[4];
        // UTF-16 as it stands: no copy, and no two texts have the same bytes.
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), MemoryMarshal.AsBytes(digest));
        return new TokenDigest(digest[0], digest[1], digest[2], digest[3]);
    }
}

/// <summary>
/// Remembers right signatures, at most twice <paramref name="max"/>: when the young half is full, the old one is
/// forgotten and they change places. Only right ones are remembered, so that strangers can't push anything out.
/// </summary>
internal sealed class RightSignatures(int max)
{
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<TokenDigest, SignedToken> _young = new();
    private volatile ConcurrentDictionary<TokenDigest, SignedToken> _old = new();
    private int _count;

    /// <summary>About how many are kept; those that were found again count twice until the next turn.</summary>
    public int Count => _young.Count + _old.Count;

    public SignedToken? Find(TokenDigest digest)
    {
        if (_young.TryGetValue(digest, out var signed)) return signed;
        if (!_old.TryGetValue(digest, out signed)) return null;
        Add(digest, signed); // In use: it outlives the next turn.
        return signed;
    }

    public void Add(TokenDigest digest, SignedToken signed)
    {
        // Counted here: ConcurrentDictionary.Count takes all of its locks.
        if (!_young.TryAdd(digest, signed) || Interlocked.Increment(ref _count) <= max) return;
        lock (_turning)
        {
            if (_count <= max) return;
            (_old, _young, _count) = (_young, new(), 0);
        }
    }
}
