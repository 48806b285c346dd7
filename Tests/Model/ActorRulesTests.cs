using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: what an actor may do is judged by the state that his command is decided on.</summary>
public sealed class ActorRulesTests
{
    private readonly ModelState _state = After(
        Empty, Of(Role("node-writer", "nodes:write"), Person("ann", "operator"), Person("bob", "node-writer"),
            Person("eve", "viewer"), Person("root", "admin", "viewer")));

    [Theory]
    [InlineData("ann", "operator", true)]
    [InlineData("bob", "node-writer", true)]
    [InlineData("eve", "viewer", false)]
    [InlineData("eve", "operator", false)] // The token says more than the identity has.
    [InlineData("ann", "viewer", false)] // The token may use less than the identity has.
    [InlineData("root", "viewer", false)]
    [InlineData("root", "admin", true)]
    [InlineData("ann", "no-such-role", false)]
    [InlineData("ann", "", false)]
    [InlineData("nobody", "admin", false)]
    public void Roles_count_that_the_token_may_use_and_the_identity_still_has(
        string who, string role, bool isAllowed) =>
        Assert.Equal(isAllowed, Decide(_state, By(who, role, Node("n1"))) is Decision.Append);

    [Fact]
    public void A_role_that_was_taken_away_meanwhile_refuses_the_write()
    {
        var command = By("ann", "operator", Node("n1"));
        var later = After(_state, Of(Patch("identity", "ann", """{"spec":{"roles":["viewer"]}}""")));
        MustBeForbidden(later, command);
        Assert.Null(later.Find(new EntityKey(EntityKinds.Find("node")!, EntityId.Parse("n1"))));
    }

    [Theory]
    [InlineData("patch", "role", "node-writer", """{"spec":{"permissions":["nodes:read"]}}""")]
    [InlineData("patch", "identity", "bob", """{"spec":{"disabled":true}}""")]
    [InlineData("delete", "identity", "bob", "")]
    public void A_permission_an_identity_and_its_life_end_at_once(string verb, string kind, string id, string body)
    {
        var change = verb == "patch" ? Patch(kind, id, body) : Delete(kind, id);
        MustBeForbidden(After(_state, Of(change)), By("bob", "node-writer", Node("n1")));
    }

    [Fact]
    public void Every_change_of_a_transaction_needs_its_own_permission()
    {
        var refusal = MustBeForbidden(
            _state, By("bob", "node-writer", Node("n1"), VirtualStorage("s", "@n1"), Node("n2")));
        Assert.Equal(1, refusal.Change);
    }

    [Fact]
    public void Who_may_write_identities_but_not_everything_can_not_make_himself_an_administrator()
    {
        var state = After(_state, Of(Role("people", "identities:write"), Person("joe", "people")));
        MustBeForbidden(state, By("joe", "people", Patch("identity", "joe", """{"spec":{"roles":["admin"]}}""")));
        Assert.IsType<Decision.Append>(Decide(
            state, By("root", "admin", Patch("identity", "joe", """{"spec":{"roles":["admin"]}}"""))));
    }

    [Fact]
    public void System_and_admin_token_are_said_and_never_guessed()
    {
        Assert.IsType<Decision.Append>(Decide(Empty, Of(Node("n1")) with { Rights = ActorRights.System }));
        Assert.IsType<Decision.Append>(Decide(Empty, Of(Node("n1")) with { Rights = ActorRights.AdminToken }));
        MustBeForbidden(Empty, Of(Node("n1")) with { Rights = new ActorRights(ActorRight.Unknown, null, []) });
        MustBeForbidden(Empty, Of(Node("n1")) with { Rights = null! });
        MustBeForbidden(_state, Of(Node("n1")) with
        {
            Rights = new ActorRights(ActorRight.Identity, null, ["admin"]),
        });
    }

    [Fact]
    public void A_command_that_was_written_is_acknowledged_again_to_who_lost_his_role_since()
    {
        var command = By("ann", "operator", Node("n1"));
        var written = Assert.IsType<Decision.Append>(Decide(_state, command));
        var later = After(written.Next, Of(Patch("identity", "ann", """{"spec":{"roles":["viewer"]}}""")));
        var again = Assert.IsType<Decision.Answer>(Decide(later, command)).Reply;
        Assert.Equal((WriteOutcome.Written, written.Entry.Index), (again.Outcome, again.Index));
    }

    private static WriteRefusal MustBeForbidden(ModelState state, WriteCommand command)
    {
        var reply = Assert.IsType<Decision.Answer>(Decide(state, command)).Reply;
        Assert.Equal((WriteOutcome.Refused, WriteRule.Permission), (reply.Outcome, reply.Refusal!.Rule));
        return reply.Refusal;
    }

    private static WriteCommand By(string who, string role, params ImmutableArray<WriteChange> changes) =>
        Of(changes) with
        {
            Actor = who,
            Rights = new ActorRights(ActorRight.Identity, who, role.Length == 0 ? [] : [role]),
        };

    private static WriteChange Person(string id, params string[] roles) => Create(
        "identity", id,
        JsonSerializer.Serialize(new { spec = new { type = "person", roles, attributes = Array.Empty<string>() } }));

    private static WriteChange Role(string id, params string[] permissions) =>
        Create("role", id, JsonSerializer.Serialize(new { spec = new { permissions } }));
}
