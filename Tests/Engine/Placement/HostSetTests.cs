using System.Net;
using Aedile.Engine.Placement;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Engine.Placement;

/// <summary>Goal: all machines agree where a grain lives, evenly, and a silo moves only its own share.</summary>
public sealed class HostSetTests
{
    private static readonly Gen<int[]> Ports = Gen.Choose(1, 65_000).NonEmptyListOf().Select(ports => ports.ToArray());
    private static readonly Gen<GrainId> Grains =
        from type in Gen.Elements("repository", "shard", "tally")
        from key in Gen.Choose(0, int.MaxValue)
        select GrainId.Create(type, $"k{key}");

    [Fact]
    public void The_order_in_which_silos_are_seen_does_not_matter() =>
        ForAll((ports, grain) => Equals(
            Hosts(ports).OwnerOf(grain), Hosts(ports.Reverse()).OwnerOf(grain))
            && Hosts(ports).Identity == Hosts(ports.Reverse()).Identity);

    [Fact]
    public void A_silo_that_goes_moves_only_its_own_grains() =>
        ForAll((ports, grain) =>
        {
            var owner = Hosts(ports).OwnerOf(grain)!;
            return ports.Distinct().Where(port => port != owner.Endpoint.Port).All(port =>
                Equals(owner, Hosts(ports.Where(other => other != port)).OwnerOf(grain)));
        });

    [Fact]
    public void A_silo_that_comes_takes_grains_only_for_itself() =>
        ForAll((ports, grain) =>
        {
            var newcomer = Silo(65_001);
            var after = Hosts([.. ports, 65_001]).OwnerOf(grain);
            return Equals(after, newcomer) || Equals(after, Hosts(ports).OwnerOf(grain));
        });

    [Fact]
    public void A_restart_at_the_same_address_is_another_set() =>
        Assert.NotEqual(
            new HostSet([SiloAddress.New(Silo(1).Endpoint, 1)]).Identity,
            new HostSet([SiloAddress.New(Silo(1).Endpoint, 2)]).Identity);

    [Fact]
    public void Without_silos_a_grain_lives_nowhere() =>
        Assert.Null(HostSet.Empty.OwnerOf(GrainId.Create("tally", "a")));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Every_silo_gets_an_even_share(int silos)
    {
        const int Count = 20_000;
        var hosts = Hosts(Enumerable.Range(11_111, silos));
        var shares = Enumerable.Range(0, Count)
            .CountBy(key => hosts.OwnerOf(GrainId.Create("tally", $"grain-{key}"))!)
            .Select(share => share.Value).ToList();
        Assert.Equal(silos, shares.Count);

        // Five standard deviations of an even choice.
        var expected = (double)Count / silos;
        Assert.All(shares, share => Assert.InRange(
            share, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected))));
    }

    [Fact]
    public void Machines_of_another_build_must_agree_so_the_owners_never_change()
    {
        var hosts = Hosts([11_111, 11_112, 11_113]);
        var ports = Enumerable.Range(0, 16)
            .Select(key => hosts.OwnerOf(GrainId.Create("repository", $"r{key}"))!.Endpoint.Port - 11_111);
        Assert.Equal(Expected, string.Concat(ports));
    }

    private const string Expected = "1200220121111202";

    private static void ForAll(Func<int[], GrainId, bool> holds) =>
        Prop.ForAll(Ports.ToArbitrary(), Grains.ToArbitrary(), holds).QuickCheckThrowOnFailure();

    private static HostSet Hosts(IEnumerable<int> ports) => new(ports.Select(Silo));

    private static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, 7);
}
