using Aedile.Silo.Identity.Passwords;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// Keeps one identity from taking a silo away from all others: whoever asks faster than <see cref="RateOptions"/> allow
/// is told to wait. The static tokens are not slowed down: one is the way in when all else fails, the other is the
/// fleet's own. Logins have limits of their own. Each silo counts for itself.
/// </summary>
internal sealed class IdentityRates(IOptions<RateOptions> options, TimeProvider clock)
{
    private readonly Throttle _throttle = new(
        new Rate(options.Value.Burst, TimeSpan.FromSeconds(1) / options.Value.RequestsPerSecond), clock);

    /// <summary>Counts a request. Cost: some hundred nanoseconds.</summary>
    /// <returns>Why it has to wait; null when it hasn't.</returns>
    public Refusal? Ask(Caller? caller)
    {
        if (caller?.Token is not { } token) return null;
        var wait = _throttle.Take(token.Identity.Value);
        return wait == TimeSpan.Zero ? null : AccessProblems.TooManyRequests(options.Value.RequestsPerSecond, wait);
    }
}
