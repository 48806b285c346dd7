using System.Collections.Immutable;

namespace Aedile.Silo.Identity.Passwords;

/// <summary>When an account is locked, and for how long.</summary>
/// <param name="Attempts">So many wrong passwords …</param>
/// <param name="Window">… within this time lock it.</param>
/// <param name="First">How long the first lock-out lasts; each further one in a row twice as long.</param>
/// <param name="Longest">The longest lock-out.</param>
internal sealed record LockoutPolicy(int Attempts, TimeSpan Window, TimeSpan First, TimeSpan Longest);

/// <summary>
/// Decides what wrong passwords mean. Pure and total. Each silo counts for itself and in memory; only a lock-out is
/// stored: with N silos a guesser has N times the attempts, and never more than that.
/// </summary>
internal static class LockoutRule
{
    private const int DoublingsMax = 20;

    /// <summary>Whether passwords are tried now.</summary>
    public static bool IsLocked(DateTimeOffset? lockedUntil, DateTimeOffset now) => now < lockedUntil;

    /// <summary>After a wrong password.</summary>
    /// <param name="wrong">When earlier ones came that still count.</param>
    /// <param name="now">Now.</param>
    /// <param name="policy">The rule.</param>
    /// <returns>Those that count now, and whether the account is to be locked, which ends the count.</returns>
    public static (ImmutableArray<DateTimeOffset> Wrong, bool Lock) AfterWrong(
        ImmutableArray<DateTimeOffset> wrong, DateTimeOffset now, LockoutPolicy policy)
    {
        ImmutableArray<DateTimeOffset> counting = [.. wrong.Where(moment => now - moment < policy.Window), now];
        return counting.Length >= policy.Attempts ? ([], true) : (counting, false);
    }

    /// <summary>
    /// Until when the account is locked, if it is locked now for the <paramref name="locks"/>th time.
    /// </summary>
    /// <param name="locks">1 for the first lock-out since the last right password.</param>
    /// <param name="now">Now.</param>
    /// <param name="policy">The rule.</param>
    public static DateTimeOffset LockedUntil(int locks, DateTimeOffset now, LockoutPolicy policy)
    {
        var length = policy.First * Math.Pow(2, Math.Clamp(locks - 1, 0, DoublingsMax));
        return now + (length < policy.Longest ? length : policy.Longest);
    }
}
