using Aedile.Client.Repositories;
using FsCheck;
using FsCheck.Fluent;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

public sealed class RefChecksumTests
{
    private static readonly RefChecksum Empty = RefChecksum.OfEmpty("refs/heads/main");

    [Fact]
    public void It_depends_on_content_not_on_order()
    {
        var lines = Gen.Choose(1, 50).ListOf().Select(n => n.Distinct().ToList());

        Prop.ForAll(lines.ToArbitrary(), numbers =>
        {
            var forth = numbers.Aggregate(Empty, (c, n) => c.Plus($"refs/heads/{n}", Oid(n)));
            var back = numbers.AsEnumerable().Reverse().Aggregate(Empty, (c, n) => c.Plus($"refs/heads/{n}", Oid(n)));
            return forth == back && (numbers.Count == 0) == (forth == Empty);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Moving_it_by_updates_equals_counting_anew()
    {
        var moved = Empty.After([Create("a", 1), Create("b", 2)])
            .After([
                new RefUpdate("refs/heads/a", Oid(1), Oid(3)),
                new RefUpdate("refs/heads/b", Oid(2), RefUpdate.Zero),
            ]);

        Assert.Equal(Empty.Plus("refs/heads/a", Oid(3)), moved);
    }

    [Fact]
    public void It_is_64_hexadecimal_digits_and_parses_back()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), n =>
        {
            var checksum = Empty.Plus("refs/heads/x", Oid(n));
            return checksum.ToString().Length == 64 && RefChecksum.Parse(checksum.ToString()) == checksum;
        }).QuickCheckThrowOnFailure();
        Assert.Equal(default, RefChecksum.Parse(new string('0', 64)));
        Assert.Throws<FormatException>(() => RefChecksum.Parse("12"));
    }
}
