using System.Net;
using System.Security.Cryptography;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Passwords;
using Aedile.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Identity;

/// <summary>Goal: a guess costs much, a guesser gets few, and neither is a way to fill a silo's memory.</summary>
public sealed class PasswordTests
{
    private const string Right = "correct horse battery";
    private static readonly DateTimeOffset Start = TokenBench.Start;
    private static readonly LockoutPolicy Policy = new(
        5, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    private readonly PasswordHasher _hasher = new(1000);

    [Fact]
    public void Only_the_password_matches_its_hash()
    {
        var hash = _hasher.Hash(Right);
        Assert.True(_hasher.IsRight(Right, hash));
        string[] bad = ["", Right + " ", Right[..^1], Right.ToUpperInvariant(), new string('x', 100_000)];
        foreach (var wrong in bad)
            Assert.False(_hasher.IsRight(wrong, hash));
        Assert.NotEqual(hash, _hasher.Hash(Right)); // Salted.
    }

    [Fact]
    public void The_hash_is_that_of_rfc_8018_and_says_how_it_was_made()
    {
        var hash = _hasher.Hash(Right);
        var salt = CanonicalBase64Url.Decode(hash.Salt)!;
        Assert.Equal(16, salt.Length);
        Assert.Equal(
            Rfc2898DeriveBytes.Pbkdf2(Right, salt, 1000, HashAlgorithmName.SHA512, 32),
            CanonicalBase64Url.Decode(hash.Value));
        // Checked with its own figure, and known to be too cheap by now.
        var dearer = new PasswordHasher(2000);
        Assert.True(dearer.IsRight(Right, hash));
        Assert.True(dearer.IsOutdated(hash));
        Assert.False(_hasher.IsOutdated(hash));
    }

    [Fact]
    public void Without_a_hash_or_with_a_broken_one_no_password_is_right()
    {
        var hash = _hasher.Hash(Right);
        PasswordHash?[] none =
        [
            null, hash with { Algorithm = "plain" }, hash with { Iterations = 0 }, hash with { Iterations = -1 },
            hash with { Iterations = int.MaxValue }, hash with { Salt = "*" }, hash with { Value = "" },
            hash with { Value = "AAAA" },
        ];
        Assert.All(none, broken => Assert.False(_hasher.IsRight(Right, broken)));
        Assert.False(_hasher.IsRight("", null));
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_password_has_bounds(int length, bool isAllowed) =>
        Assert.Equal(isAllowed, PasswordHasher.WhyNot(new string('x', length)) is null);

    [Fact]
    public void Five_wrong_passwords_in_the_window_lock_and_four_do_not()
    {
        var wrong = new WrongPasswords(Policy);
        var account = TokenBench.PersonId;
        for (var n = 0; n < 4; n++) Assert.False(wrong.Count(account, Start.AddMinutes(n)));
        Assert.False(wrong.Count(account, Start.AddMinutes(15))); // The first one doesn't count any more.
        Assert.True(wrong.Count(account, Start.AddMinutes(15.5)));
        Assert.False(wrong.Count(account, Start.AddMinutes(15.6))); // Counted from the beginning.
        wrong.Clear(account);
        for (var n = 0; n < 4; n++) Assert.False(wrong.Count(account, Start.AddMinutes(16)));
    }

    [Fact]
    public void A_lock_out_doubles_up_to_the_longest_and_ends()
    {
        Assert.Equal(Start.AddMinutes(1), LockoutRule.LockedUntil(1, Start, Policy));
        Assert.Equal(Start.AddMinutes(2), LockoutRule.LockedUntil(2, Start, Policy));
        Assert.Equal(Start.AddMinutes(32), LockoutRule.LockedUntil(6, Start, Policy));
        Assert.Equal(Start.AddHours(1), LockoutRule.LockedUntil(7, Start, Policy));
        Assert.Equal(Start.AddHours(1), LockoutRule.LockedUntil(int.MaxValue, Start, Policy));
        Assert.True(LockoutRule.IsLocked(Start.AddTicks(1), Start));
        Assert.False(LockoutRule.IsLocked(Start, Start));
        Assert.False(LockoutRule.IsLocked(null, Start));
    }

    [Fact]
    public void In_any_window_at_most_so_many_wrong_ones_pass_without_a_lock_out() =>
        Prop.ForAll(Gen.Choose(0, 600).ListOf().ToArbitrary(), gaps =>
        {
            var (now, counting, unlocked) = (Start, (IEnumerable<DateTimeOffset>)[], new List<DateTimeOffset>());
            foreach (var gap in gaps)
            {
                now = now.AddSeconds(gap);
                var (after, isLocked) = LockoutRule.AfterWrong([.. counting], now, Policy);
                counting = after;
                if (isLocked) unlocked.Clear();
                else unlocked.Add(now);
                if (unlocked.Count(moment => now - moment < Policy.Window) >= Policy.Attempts) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_table_of_wrong_passwords_has_a_bound()
    {
        var wrong = new WrongPasswords(Policy with { Attempts = 2 }, accountsMax: 100);
        for (var n = 0; n < 1000; n++) wrong.Count(EntityId.Parse($"a{n}"), Start.AddSeconds(n));
        Assert.True(wrong.Count(EntityId.Parse("a999"), Start.AddSeconds(1000)));
        Assert.False(wrong.Count(EntityId.Parse("a0"), Start.AddSeconds(1000))); // Forgotten.
    }

    [Fact]
    public void No_burst_and_no_patience_gets_more_than_the_rate() =>
        Prop.ForAll(Gen.Choose(0, 3000).ListOf().ToArbitrary(), gaps =>
        {
            var rate = new Rate(5, TimeSpan.FromSeconds(1));
            var (now, bucket, allowed) = (Start, default(RateBucket), new List<DateTimeOffset>());
            foreach (var gap in gaps)
            {
                now = now.AddMilliseconds(gap);
                (bucket, var wait) = bucket.Take(now, rate);
                if (wait == TimeSpan.Zero) allowed.Add(now);
                else if (bucket.Take(now + wait, rate).Wait != TimeSpan.Zero) return false; // The wait is enough.
            }
            return allowed.All(from => allowed.All(to =>
                to < from || allowed.Count(at => at >= from && at <= to) <= 5 + ((to - from) / rate.Every)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_throttle_keeps_keys_apart_and_lets_go_in_time()
    {
        var clock = new ManualTime(Start);
        var throttle = new Throttle(new Rate(2, TimeSpan.FromSeconds(10)), clock);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], [throttle.Take("a"), throttle.Take("a")]);
        Assert.Equal(TimeSpan.FromSeconds(10), throttle.Take("a"));
        Assert.Equal(TimeSpan.Zero, throttle.Take("b"));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, throttle.Take("a"));
        Assert.Equal(TimeSpan.FromSeconds(10), throttle.Take("a"));
    }

    [Fact]
    public void A_throttle_has_a_bound_and_strangers_share_what_is_left()
    {
        var clock = new ManualTime(Start);
        var throttle = new Throttle(new Rate(1, TimeSpan.FromSeconds(10)), clock, keysMax: 50);
        var allowed = Enumerable.Range(0, 1000).Count(n => throttle.Take($"k{n}") == TimeSpan.Zero);
        Assert.Equal(51, allowed);
        Assert.Equal(50, throttle.Count);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.Zero, throttle.Take("new"));
        Assert.Equal(1, throttle.Count);
    }

    [Fact]
    public void All_addresses_that_one_may_have_are_one_key()
    {
        Assert.Equal(Key("2001:db8:1:2::1"), Key("2001:db8:1:2:ffff::9"));
        Assert.NotEqual(Key("2001:db8:1:2::1"), Key("2001:db8:1:3::1"));
        Assert.Equal(Key("192.0.2.7"), Key("::ffff:192.0.2.7"));
        Assert.NotEqual(Key("192.0.2.7"), Key("192.0.2.8"));

        static string Key(string text) => Throttle.KeyOf(IPAddress.Parse(text));
    }
}
