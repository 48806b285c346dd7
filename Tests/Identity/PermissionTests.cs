using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using FsCheck;
using FsCheck.Fluent;
using static Aedile.Tests.Identity.TokenBench;

namespace Aedile.Tests.Identity;

/// <summary>Goal: who may do what, and that nobody can give what he hasn't.</summary>
public sealed class PermissionTests
{
    private static readonly Gen<Permission> Any =
        from kind in Gen.Elements("*", "repositories", "model", "identities")
        from verb in Gen.Elements("*", "read", "write")
        select Permission.Parse($"{kind}:{verb}");

    private readonly TokenBench _bench = new();

    [Theory]
    [InlineData("admin", "identities", "write", true)]
    [InlineData("admin", "anything-new", "do", true)]
    [InlineData("operator", "repositories", "write", true)]
    [InlineData("operator", "repositories", "read", true)]
    [InlineData("operator", "identities", "read", true)]
    [InlineData("operator", "identities", "write", false)]
    [InlineData("operator", "roles", "write", false)]
    [InlineData("operator", "signing-keys", "write", false)]
    [InlineData("operator", "revocations", "write", false)]
    [InlineData("viewer", "repositories", "read", true)]
    [InlineData("viewer", "repositories", "write", false)]
    [InlineData("agent", "repositories", "read", false)]
    [InlineData("no-such-role", "repositories", "read", false)]
    public void Built_in_roles_allow_what_their_names_say(string role, string kind, string verb, bool isAllowed) =>
        Assert.Equal(isAllowed, Allows(role, new Need(kind, verb)));

    [Theory]
    [InlineData("*", "read")]
    [InlineData("repositories", "*")]
    [InlineData("", "read")]
    [InlineData("repositories", "")]
    [InlineData("a:b", "read")]
    public void A_need_that_is_none_is_refused_to_everybody(string kind, string verb) =>
        Assert.False(Allows("admin", new Need(kind, verb)));

    [Fact]
    public void A_role_of_the_model_allows_what_it_lists_and_not_under_a_built_in_name()
    {
        _bench.Trust = _bench.Trust
            .After(EntityId.Parse("pusher"), null, new RoleSpec([Permission.Parse("repositories:write")]))
            .After(EntityId.Parse("viewer"), null, new RoleSpec([Permission.Parse("*")]));
        Assert.True(Allows("pusher", Need.Write("repositories")));
        Assert.False(Allows("pusher", Need.Read("repositories")));
        Assert.False(Allows("viewer", Need.Write("repositories")));
    }

    [Fact]
    public void A_role_that_was_taken_away_ends_with_the_view_and_a_token_may_have_less_than_its_holder()
    {
        var token = _bench.Token();
        Assert.True(Permissions.Allow(token, _bench.Trust, Need.Write("repositories")));
        Assert.False(Permissions.Allow(token with { Roles = [] }, _bench.Trust, Need.Write("repositories")));
        var before = Holder(IdentityType.Person, [BuiltInRoles.Operator]);
        var after = before with { Roles = [BuiltInRoles.Viewer] };
        _bench.Trust = _bench.Trust.After(PersonId, before, after);
        Assert.False(Permissions.Allow(token, _bench.Trust, Need.Write("repositories")));
        // The token was issued without the new role.
        Assert.False(Permissions.Allow(token, _bench.Trust, Need.Read("repositories")));
    }

    [Fact]
    public void An_agent_makes_its_own_node_s_calls_and_no_others()
    {
        var agent = _bench.AgentToken();
        Assert.True(Permissions.Allow(agent, _bench.Trust, Need.OfAgent(Node)));
        Assert.False(Permissions.Allow(agent, _bench.Trust, Need.OfAgent(NodeName.Parse("n2"))));
        var role = Holder(IdentityType.Agent, [BuiltInRoles.Agent], Node);
        _bench.Trust = _bench.Trust.After(
            AgentId, role, role with { Roles = [BuiltInRoles.Admin, BuiltInRoles.Agent] });
        var stronger = agent with { Roles = [BuiltInRoles.Admin, BuiltInRoles.Agent] };
        Assert.False(Permissions.Allow(stronger, _bench.Trust, Need.Read("repositories")));
        Assert.False(Permissions.Allow(agent with { Roles = [] }, _bench.Trust, Need.OfAgent(Node)));
    }

    [Fact]
    public void Nobody_else_makes_an_agent_s_calls_not_even_the_administrator()
    {
        Assert.False(Allows("admin", Need.OfAgent(Node)));
        var silo = _bench.Token() with { Identity = SiloId, Kind = TokenKind.Silo, Roles = [BuiltInRoles.Admin] };
        Assert.False(Permissions.Allow(silo, _bench.Trust, Need.OfAgent(Node)));
        Assert.False(Permissions.Allow(silo, _bench.Trust, Need.Read("repositories")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("repositories")]
    [InlineData("repositories:")]
    [InlineData(":read")]
    [InlineData("Repositories:read")]
    [InlineData("repositories:read:write")]
    [InlineData("repositories: read")]
    [InlineData("-a:read")]
    [InlineData("**:read")]
    [InlineData("repo*:read")]
    [InlineData(null)]
    public void What_is_no_permission_does_not_parse(string? text) =>
        Assert.False(Permission.TryParse(text, null, out _));

    [Fact]
    public void A_permission_parses_back_from_its_text() =>
        Prop.ForAll(Any.ToArbitrary(), p => Permission.Parse(p.ToString()) == p).QuickCheckThrowOnFailure();

    [Fact]
    public void Covering_is_reflexive_and_transitive_and_equal_only_both_ways() =>
        Prop.ForAll(Any.ToArbitrary(), Any.ToArbitrary(), Any.ToArbitrary(), (a, b, c) =>
            a.Covers(a) && (!(a.Covers(b) && b.Covers(c)) || a.Covers(c)) && ((a.Covers(b) && b.Covers(a)) == (a == b)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Who_may_grant_could_do_all_of_it_himself() =>
        Prop.ForAll(
            Any.ListOf().ToArbitrary(), Any.ListOf().ToArbitrary(), Any.ToArbitrary(), (granted, given, needed) =>
            !Permissions.MayGrant([.. granted], given) || !Permissions.Cover(given, needed)
                || Permissions.Cover(granted, needed))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_covers_the_permission_that_is_none() =>
        Assert.False(Permissions.Cover([Permission.Parse("*"), default], default));

    private bool Allows(string role, Need need)
    {
        var id = EntityId.Parse(role);
        var trust = _bench.Trust.After(
            PersonId, Holder(IdentityType.Person, [BuiltInRoles.Operator]), Holder(IdentityType.Person, [id]));
        return Permissions.Allow(_bench.Token() with { Roles = ImmutableArray.Create(id) }, trust, need);
    }
}
