using Aedile.Cli.Fleet;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Cli;

/// <summary>Goal: check finds what is wrong, and nothing where all is well.</summary>
public sealed class CheckRulesTests
{
    private static readonly ModelResource Model = new("t", 7, "d", "c", default, 20, true, []);

    [Fact]
    public void Silos_that_agree_are_well() =>
        Assert.Empty(CheckRules.OfSilos([Reading("a", Model), Reading("b", Model with { AgeMs = 900 })]));

    [Theory]
    [InlineData("u", 7, "d", "c", "timeline")]
    [InlineData("t", 6, "d", "c", "at index 6")]
    [InlineData("t", 7, "x", "c", "differs")]
    [InlineData("t", 7, "d", "x", "differs")]
    public void A_replica_that_contradicts_another_is_found(
        string timeline, long index, string digest, string content, string word)
    {
        var other = Model with { Timeline = timeline, Index = index, Digest = digest, ContentDigest = content };
        var finding = Assert.Single(CheckRules.OfSilos([Reading("a", Model), Reading("b", other)]));
        Assert.Equal("b", finding.Subject);
        Assert.Contains(word, finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_that_is_away_cut_off_old_or_in_another_time_is_found()
    {
        Assert.Equal("gone", Assert.Single(CheckRules.OfSilos([new SiloReading("a", null, null, "gone")])).Detail);
        Assert.Single(CheckRules.OfSilos([Reading("a", Model with { IsWritable = false })]));
        Assert.Single(CheckRules.OfSilos([Reading("a", Model with { AgeMs = 10_001 })]));
        var late = Reading("a", Model) with { ClockOffset = TimeSpan.FromSeconds(-6) };
        Assert.Contains("behind", Assert.Single(CheckRules.OfSilos([late])).Detail, StringComparison.Ordinal);
        Assert.Empty(CheckRules.OfSilos([Reading("a", Model) with { ClockOffset = TimeSpan.FromSeconds(1) }]));
    }

    [Fact]
    public void References_that_lead_nowhere_are_found_for_each_kind_that_has_some()
    {
        Entity[] sound =
        [
            Of(Id("r"), new RoleSpec([Aedile.Client.Identity.Permission.Parse("*:read")])),
            Of(Id("i"), new IdentitySpec(IdentityType.Person, [Id("r"), Id("admin")], [])),
            Of(Id("a"), new AuthenticatorSpec(Id("i"))),
            Of(Id("n"), new NodeSpec([])),
            Of(Id("v"), new VirtualStorageSpec(1, [RoleSelector.Parse("@n"), RoleSelector.Parse("#ssd")])),
        ];
        Assert.Empty(CheckRules.OfReferences(sound));
        foreach (var gone in (string[])["r", "i", "n"])
            Assert.Contains($"/{gone},", Assert.Single(CheckRules.OfReferences(
                [.. sound.Where(entity => entity.Id != Id(gone))])).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("active", true, true)]
    [InlineData("active", false, false)]
    [InlineData("readOnly", true, false)]
    [InlineData("dataLoss", true, false)]
    [InlineData("registryRegressed", true, false)]
    public void A_repository_is_well_when_it_is_active_and_whole(string state, bool isUpToDate, bool isWell)
    {
        var repository = new RepositoryResource(
            RepositoryId.From(default), "default", "x", 1, null, state, "main", default,
            [new ReplicaResource(NodeName.Parse("n"), 1, true, isUpToDate, true, null, "none")]);
        Assert.Equal(isWell, CheckRules.OfRepository(repository) is null);
    }

    private static EntityId Id(string text) => EntityId.Parse(text);

    private static Entity Of<TSpec>(EntityId id, TSpec spec) where TSpec : EntitySpec =>
        new(EntityKind.Of<TSpec>(), id, id.Value, default, default, 1, Entity.NoTags, spec);

    private static SiloReading Reading(string name, ModelResource model) => new(name, model, TimeSpan.Zero, null);
}
