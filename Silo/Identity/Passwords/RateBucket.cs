namespace Aedile.Silo.Identity.Passwords;

/// <summary>How often something may happen: so often at once, and then once in so long.</summary>
/// <param name="Burst">So often at once.</param>
/// <param name="Every">Once in so long.</param>
internal sealed record Rate(int Burst, TimeSpan Every);

/// <summary>
/// A token bucket as one value: the moment at which it will be full again. Pure. The framework's limiters read the
/// machine's clock, which no simulation or test could move.
/// </summary>
/// <param name="FullAt">When it is full again; in the past: it is full.</param>
internal readonly record struct RateBucket(DateTimeOffset FullAt)
{
    /// <summary>Whether it is as if nothing had ever been taken.</summary>
    public bool IsFull(DateTimeOffset now) => FullAt <= now;

    /// <summary>Takes once.</summary>
    /// <returns>The bucket afterwards, and how long to wait: zero when it was allowed.</returns>
    public (RateBucket After, TimeSpan Wait) Take(DateTimeOffset now, Rate rate)
    {
        var from = FullAt > now ? FullAt : now;
        var wait = from + rate.Every - (now + (rate.Burst * rate.Every));
        return wait > TimeSpan.Zero ? (this, wait) : (new RateBucket(from + rate.Every), TimeSpan.Zero);
    }
}
