using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model.Kinds;
using Aedile.Silo.Identity;

namespace Aedile.Tests.Identity;

/// <summary>Goal: the model takes no identity that could not be kept, and shows no secret.</summary>
public sealed class IdentityKindRulesTests
{
    private static readonly EntityId Anna = EntityId.Parse("anna");
    private static readonly AuthenticatorSpec Fresh = new(
        Anna, Enrolment: EnrolmentTokens.Issue(Anna, TokenBench.Start).Proof);

    [Fact]
    public void Every_kind_has_rules() =>
        Assert.All(EntityKinds.All, kind => Assert.Equal(kind, KindRules.Of(kind).Kind));

    [Fact]
    public void A_broken_spec_is_refused_with_the_path_of_its_field()
    {
        var flaw = Check("r", new RoleSpec([]));
        Assert.Equal("spec.permissions", flaw?.Field);
        Assert.Null(Check("r", new RoleSpec([Permission.Parse("*:read")])));
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("operator")]
    [InlineData("viewer")]
    [InlineData("agent")]
    public void A_role_that_is_built_in_cannot_be_defined(string id) =>
        Assert.Equal("id", Check(id, new RoleSpec([Permission.Parse("*")]))?.Field);

    [Fact]
    public void An_identity_refers_to_roles_of_the_model_and_to_its_signer()
    {
        var spec = new IdentitySpec(
            IdentityType.Person, [BuiltInRoles.Admin, EntityId.Parse("pusher")], [],
            External: new ExternalAccount(EntityId.Parse("corporate"), "x"));
        Assert.Equal(
            [
                EntityKey.Of<RoleSpec>(EntityId.Parse("pusher")),
                EntityKey.Of<ExternalSignerSpec>(EntityId.Parse("corporate")),
            ],
            KindRules.Of(EntityKind.Of<IdentitySpec>()).ReferencesOf(Entity("a", spec)).Select(r => r.Target));
        Assert.Equal(
            [EntityKey.Of<IdentitySpec>(Anna)],
            KindRules.Of(EntityKind.Of<AuthenticatorSpec>()).ReferencesOf(Entity("a", Fresh)).Select(r => r.Target));
    }

    [Fact]
    public void What_was_spent_stays_spent_and_what_was_published_stays_as_it_is()
    {
        var spent = Fresh with { Enrolment = Fresh.Enrolment! with { UsedAt = TokenBench.Start } };
        Assert.Null(Change(Fresh, spent));
        Assert.NotNull(Change(spent, Fresh));
        Assert.NotNull(Change(Fresh, Fresh with { Identity = EntityId.Parse("bert") }));
        var key = TokenBench.Spec(new TokenBench().Public);
        Assert.NotNull(Change(key, key with { NotAfter = key.NotAfter.AddDays(1) }));
        Assert.NotNull(Change(
            new FleetSpec(FleetId.Parse("f1")), new FleetSpec(FleetId.Parse("f2"))));
    }

    [Fact]
    public void Readers_see_entities_and_transactions_without_secrets()
    {
        var (before, after) = (Entity("a", Fresh), Entity("a", Fresh with
        {
            Enrolment = Fresh.Enrolment! with { UsedAt = TokenBench.Start },
        }));
        var entry = new JournalEntry(
            1, TokenBench.Start, "x", Guid.Empty, null, "",
            [new EntityChange(before, after), new EntityChange(after, null)]);
        var shown = JsonSerializer.Serialize(ReaderView.Of(entry), Wire.Json);
        Assert.DoesNotContain(Fresh.Enrolment!.Digest!, shown, StringComparison.Ordinal);
        Assert.Contains(Fresh.Enrolment.Digest!, JsonSerializer.Serialize(entry, Wire.Json), StringComparison.Ordinal);
        var open = Entity("r", new RoleSpec([Permission.Parse("*")]));
        Assert.Same(open, ReaderView.Of(open));
    }

    private static Flaw? Check<TSpec>(string id, TSpec spec) where TSpec : EntitySpec =>
        KindRules.Of(EntityKind.Of<TSpec>()).Check(Entity(id, spec));

    private static Flaw? Change<TSpec>(TSpec before, TSpec after) where TSpec : EntitySpec =>
        KindRules.Of(EntityKind.Of<TSpec>()).CheckChange(Entity("a", before), Entity("a", after));

    private static Entity Entity<TSpec>(string id, TSpec spec) where TSpec : EntitySpec => new(
        EntityKind.Of<TSpec>(), EntityId.Parse(id), id, TokenBench.Start, TokenBench.Start, 1,
        Client.Model.Entity.NoTags, spec);
}
