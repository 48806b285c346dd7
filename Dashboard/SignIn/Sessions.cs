using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Aedile.Client.Identity;

namespace Aedile.Dashboard.SignIn;

/// <summary>
/// What a signed-in session is and when it ends: at sign-out, 12 h after sign-in, or with what it was given for. The
/// cookie carries it, so any silo with the same keys knows it; a sign-out by a pasted token is known to this silo
/// alone.
/// </summary>
internal sealed class Sessions(ISignIn signIn, TimeProvider clock)
{
    /// <summary>Authentication scheme and policy; named, so that REST and Git never see the cookie.</summary>
    public const string Scheme = "dashboard";

    internal static readonly TimeSpan LifeMax = TimeSpan.FromHours(12);
    private const string StampClaim = "stamp";
    private const string SessionClaim = "session";
    private const string StartClaim = "start";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new();

    public ClaimsPrincipal Start(Viewer viewer)
    {
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, viewer.Name),
            new(ClaimTypes.Name, viewer.Name),
            new(StampClaim, viewer.Stamp),
            new(SessionClaim, RandomNumberGenerator.GetHexString(32, lowercase: true)),
            new(StartClaim, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme));
    }

    /// <summary>Ends the session in every tab that this silo serves. Harmless for one that is not signed in.</summary>
    public async Task End(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (user.FindFirstValue(SessionClaim) is not { } session) return;
        var viewer = Find(user);
        var now = clock.GetUtcNow();
        _ended[session] = now;
        foreach (var (id, at) in _ended)
        {
            if (now - at > LifeMax) _ended.TryRemove(id, out _); // Its cookie is too old by itself.
        }
        if (viewer is not null) await signIn.End(viewer, cancellation);
    }

    /// <summary>Whose session it is; null when it has ended, or is none. Cost: no I/O.</summary>
    public Viewer? Find(ClaimsPrincipal user)
    {
        if (user.Identity is not { IsAuthenticated: true, Name: { } name }) return null;
        if (user.FindFirstValue(SessionClaim) is not { } session || _ended.ContainsKey(session)) return null;
        if (!long.TryParse(user.FindFirstValue(StartClaim), CultureInfo.InvariantCulture, out var start)) return null;
        if (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(start) > LifeMax) return null;
        if (user.FindFirstValue(StampClaim) is not { } stamp) return null;
        var viewer = new Viewer(name, stamp);
        return signIn.IsCurrent(viewer) ? viewer : null;
    }

    /// <summary>Whether somebody who is signed in may read all of this.</summary>
    public bool MayRead(ClaimsPrincipal user, IEnumerable<string> kinds) =>
        Find(user) is { } viewer && kinds.All(kind => May(viewer, Need.Read(kind)));

    /// <summary>Whether a viewer may do something.</summary>
    public bool May(Viewer viewer, Need need) => signIn.May(viewer, need);
}
