using System.Net;
using System.Threading.RateLimiting;
using Aedile.Silo.Identity.Passwords;

namespace Aedile.Silo.Identity.Logins;

/// <summary>
/// What stands before every login: rates by address and by name, and a bound on how many passwords are hashed at once,
/// so that logins leave the other calls a processor. Safe from any thread.
/// </summary>
internal sealed class LoginGate(IdentityOptions options, TimeProvider clock) : IDisposable
{
    private const int WaitingMax = 64;

    private readonly Throttle _addresses = new(options.AddressRate, clock);
    private readonly Throttle _names = new(options.LoginRate, clock);
    private readonly ConcurrencyLimiter _hashing = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.HashesAtOnce,
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Asks whether a login may be looked at.</summary>
    /// <param name="name">Whose; null when the login names nobody.</param>
    /// <param name="from">Where it comes from.</param>
    /// <returns>How long to wait; zero when it may.</returns>
    public TimeSpan Take(string? name, IPAddress? from)
    {
        var wait = _addresses.Take(Throttle.KeyOf(from));
        return wait > TimeSpan.Zero || name is null ? wait : _names.Take(name);
    }

    /// <summary>Waits for a turn to hash.</summary>
    /// <returns>The turn, which the caller disposes; null when too many wait already.</returns>
    public async ValueTask<RateLimitLease?> Hash(CancellationToken cancellation)
    {
        var lease = await _hashing.AcquireAsync(1, cancellation);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _hashing.Dispose();
}
