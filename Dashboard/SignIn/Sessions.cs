using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Aedile.Dashboard.SignIn;

/// <summary>
/// What a signed-in session is and when it ends: at sign-out, 12 h after sign-in, or with the token it was given for.
/// The cookie carries it, so any silo with the same keys knows it; only a sign-out is known to this silo alone.
/// </summary>
internal sealed class Sessions(ITokenCheck tokens, TimeProvider clock)
{
    /// <summary>Authentication scheme and policy; named, so that REST and Git never see the cookie.</summary>
    public const string Scheme = "dashboard";

    internal static readonly TimeSpan LifeMax = TimeSpan.FromHours(12);
    private const string StampClaim = "stamp";
    private const string SessionClaim = "session";
    private const string StartClaim = "start";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new();

    public ClaimsPrincipal Start(TokenHolder holder)
    {
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, holder.Name),
            new(ClaimTypes.Name, holder.Name),
            new(StampClaim, holder.Stamp),
            new(SessionClaim, RandomNumberGenerator.GetHexString(32, lowercase: true)),
            new(StartClaim, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme));
    }

    /// <summary>Ends the session in every tab that this silo serves. Harmless for one that is not signed in.</summary>
    public void End(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(SessionClaim) is not { } session) return;
        var now = clock.GetUtcNow();
        _ended[session] = now;
        foreach (var (id, at) in _ended)
        {
            if (now - at > LifeMax) _ended.TryRemove(id, out _); // Its cookie is too old by itself.
        }
    }

    /// <summary>Whether what this session may see may still be shown. Cost: none, no I/O.</summary>
    public async ValueTask<bool> IsLive(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (user.Identity is not { IsAuthenticated: true }) return false;
        if (user.FindFirstValue(SessionClaim) is not { } session || _ended.ContainsKey(session)) return false;
        if (!long.TryParse(user.FindFirstValue(StartClaim), CultureInfo.InvariantCulture, out var start)) return false;
        if (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(start) > LifeMax) return false;
        return user.FindFirstValue(StampClaim) is { } stamp && await tokens.IsCurrent(stamp, cancellation);
    }
}
