using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Silo.Identity.Passwords;

/// <summary>
/// Counts wrong passwords of accounts that exist, on this silo. At most <paramref name="accountsMax"/> are kept, those
/// that were wrong last: who fills the table needs as many accounts. Safe from any thread.
/// </summary>
internal sealed class WrongPasswords(LockoutPolicy policy, int accountsMax = 100_000)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EntityId, ImmutableArray<DateTimeOffset>> _wrong = [];

    /// <summary>Counts one.</summary>
    /// <returns>Whether the account is to be locked.</returns>
    public bool Count(EntityId identity, DateTimeOffset now)
    {
        lock (_lock)
        {
            var before = _wrong.GetValueOrDefault(identity, []);
            var (counting, isLocked) = LockoutRule.AfterWrong(before, now, policy);
            if (isLocked) _wrong.Remove(identity);
            else _wrong[identity] = counting;
            if (_wrong.Count > accountsMax) Forget(now);
            return isLocked;
        }
    }

    /// <summary>After a right password.</summary>
    public void Clear(EntityId identity)
    {
        lock (_lock) _wrong.Remove(identity);
    }

    // A tenth at a time: sorting for each new account would let a guesser buy much work for little.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (identity, moments) in _wrong.ToList())
        {
            if (now - moments[^1] >= policy.Window) _wrong.Remove(identity);
        }
        var tooMany = _wrong.Count - (accountsMax * 9 / 10);
        foreach (var (identity, _) in _wrong.OrderBy(entry => entry.Value[^1]).Take(tooMany).ToList())
            _wrong.Remove(identity);
    }
}
