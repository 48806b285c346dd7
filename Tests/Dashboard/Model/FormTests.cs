using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.Model.Forms;

namespace Aedile.Tests.Dashboard.Model;

/// <summary>
/// Goal: every kind has a form that shows all it says, and that changes what was typed and nothing else.
/// </summary>
public sealed class FormTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Kinds => [.. EntityKinds.All.Select(kind => kind.Plural)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_member_of_every_kind_has_a_field_with_a_label(string plural)
    {
        var kind = EntityKinds.FindPlural(plural)!;
        var shape = FormShape.Of(kind);
        var expected = Wire.Json.GetTypeInfo(kind.SpecType).Properties.Select(property => $"spec.{property.Name}");
        Assert.Equal(["name", .. expected, "tags"], shape.Fields.Select(field => field.Path));
        Assert.All(shape.Fields, field => Assert.NotEqual("", field.Label));
        Assert.All(
            shape.Fields.Where(field => field.Kind is FieldKind.Choice),
            field => Assert.DoesNotContain("unknown", field.Choices));
        // What a form begins with has each member once, so that text and form show the same.
        Assert.Equal(
            expected.Order(), shape.Blank()["spec"]!.AsObject().Select(member => $"spec.{member.Key}").Order());
    }

    [Theory]
    [InlineData("replicationFactor", "Replication factor")]
    [InlineData("isDrained", "Drained")]
    [InlineData("type", "Type")]
    [InlineData("issuedBefore", "Issued before")]
    public void Label_is_the_members_name_as_people_read_it(string name, string label) =>
        Assert.Equal(label, FormShape.LabelOf(name));

    [Fact]
    public void Kinds_of_fields_follow_from_the_types_of_the_members()
    {
        Assert.Equal(
            [
                ("name", FieldKind.Text), ("spec.type", FieldKind.Choice), ("spec.roles", FieldKind.Lines),
                ("spec.attributes", FieldKind.Lines), ("spec.disabled", FieldKind.Flag), ("spec.node", FieldKind.Text),
                ("spec.external", FieldKind.Group), ("tags", FieldKind.Pairs),
            ],
            FormShape.Of(EntityKind.Of<IdentitySpec>()).Fields.Select(field => (field.Path, field.Kind)));
        var storage = FormShape.Of(EntityKind.Of<VirtualStorageSpec>()).Fields;
        Assert.Equal(FieldKind.Number, storage.Single(field => field.Path == "spec.replicationFactor").Kind);
        Assert.Equal(["anyOf", "allOf"], storage.Single(field => field.Path == "spec.semantic").Choices);
        var revocation = FormShape.Of(EntityKind.Of<RevocationSpec>()).Fields;
        Assert.Equal(FieldKind.Moment, revocation.Single(field => field.Path == "spec.issuedBefore").Kind);
    }

    [Fact]
    public void Draft_sends_what_was_typed_with_the_version_that_it_began_with()
    {
        var draft = EntityDraft.Of(Identity());
        Type(draft, "spec.roles", "viewer\n\n operator ");
        Type(draft, "spec.disabled", "true");
        Type(draft, "tags", "team = infra\nzone=b");
        var request = draft.Request("");
        Assert.Equal((ChangeVerb.Patch, "identity", "anna", 7L),
            (request!.Verb, request.Kind, request.Id, request.ExpectedVersion!.Value));
        Assert.Equal(
            """{"tags":{"team":"infra","zone":"b"},"spec":{"roles":["viewer","operator"],"disabled":true}}""",
            request.Body!.Value.GetRawText());
    }

    [Theory]
    [InlineData("spec.replicationFactor", "3", "3")]
    [InlineData("spec.replicationFactor", "three", "\"three\"")]
    [InlineData("spec.nodes", "#all\n@n1", """["#all","@n1"]""")]
    [InlineData("spec.nodes", " ", "[]")]
    [InlineData("spec.semantic", "allOf", "\"allOf\"")]
    public void What_can_not_be_meant_is_sent_as_typed_for_the_rules_to_refuse(string path, string typed, string sent)
    {
        var draft = EntityDraft.New(EntityKind.Of<VirtualStorageSpec>());
        Type(draft, path, typed);
        Assert.Equal(sent, FormText.Find(draft.Body, path)!.ToJsonString());
    }

    [Fact]
    public void Moment_is_typed_as_people_write_it_and_sent_with_its_zone()
    {
        var draft = EntityDraft.New(EntityKind.Of<RevocationSpec>());
        Type(draft, "spec.expiresAt", "2026-03-01 12:00");
        Assert.Equal("2026-03-01T12:00:00Z", (string?)FormText.Find(draft.Body, "spec.expiresAt"));
        Type(draft, "spec.issuedBefore", "");
        Assert.Null(FormText.Find(draft.Body, "spec.issuedBefore"));
    }

    [Fact]
    public void Part_that_may_be_missing_comes_with_its_members_and_goes_as_a_whole()
    {
        var draft = EntityDraft.Of(Identity());
        var external = draft.Shape.Fields.Single(field => field.Path == "spec.external");
        draft.Give(external, true);
        Type(draft, "spec.external.subject", "sub-1", external.Members);
        Assert.Equal("sub-1", (string?)FormText.Find(draft.Body, "spec.external.subject"));
        draft.Give(external, false);
        Assert.False(draft.IsChanged);
    }

    [Fact]
    public void Text_and_form_are_one_body_and_text_that_is_none_says_where()
    {
        var draft = EntityDraft.Of(Identity());
        Type(draft, "name", "Anna Berg");
        draft.Show(asText: true);
        Assert.Contains("Anna Berg", draft.Text, StringComparison.Ordinal);
        draft.TypeText("{\n  \"name\": ,\n}");
        draft.Show(asText: false);
        Assert.True(draft.IsText);
        Assert.StartsWith("Line 2, column 11:", draft.TextFault, StringComparison.Ordinal);
        Assert.Null(draft.Request(""));
        draft.TypeText("[]");
        Assert.Null(draft.Request(""));
        Assert.Contains("must be a JSON object", draft.TextFault, StringComparison.Ordinal);

        draft.TypeText("""{"name":"A","tags":{},"spec":{"type":"person","roles":[],"attributes":[]},"x":1}""");
        draft.Show(asText: false);
        Assert.False(draft.IsText);
        // Members that the text leaves out go, members that no kind has are sent and refused by name.
        Assert.Contains("\"x\":1", draft.Request("")!.Body!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void New_entity_leaves_out_the_id_and_the_name_that_nobody_typed()
    {
        var draft = EntityDraft.New(EntityKind.Of<NodeSpec>());
        var request = draft.Request(" ");
        Assert.Equal((ChangeVerb.Create, null, null), (request!.Verb, request.Id, request.ExpectedVersion));
        Assert.False(request.Body!.Value.TryGetProperty("name", out _));
        Assert.Equal("n1", draft.Request("n1 ")!.Id);
    }

    [Fact]
    public void Changes_go_on_top_of_what_somebody_else_wrote_or_are_given_up()
    {
        var newer = Identity() with
        {
            Version = 9, Spec = new IdentitySpec(IdentityType.Person, [], ["night"], Disabled: true),
        };
        var mine = EntityDraft.Of(Identity());
        Type(mine, "name", "Anna Berg");
        mine.Rebase(newer, keepsMine: true);
        Assert.Equal(9, mine.Request("")!.ExpectedVersion);
        Assert.Equal("""{"name":"Anna Berg"}""", mine.Request("")!.Body!.Value.GetRawText());

        var theirs = EntityDraft.Of(Identity());
        Type(theirs, "name", "Anna Berg");
        theirs.Rebase(newer, keepsMine: false);
        Assert.False(theirs.IsChanged);
        Assert.Equal("night", (string?)FormText.Find(theirs.Body, "spec.attributes")![0]);
    }

    [Theory]
    [InlineData("spec.nodes", true)]
    [InlineData("spec.nodes[2]", true)]
    [InlineData("spec.nodesX", false)]
    [InlineData("spec", false)]
    [InlineData(null, false)]
    public void Problem_is_told_at_the_field_that_it_means(string? path, bool isMeant) => Assert.Equal(
        isMeant, FormShape.Of(EntityKind.Of<VirtualStorageSpec>()).Fields
            .Single(field => field.Path == "spec.nodes").IsMeant(path));

    [Fact]
    public void Facts_link_what_an_entity_refers_to_and_say_what_is_not_given()
    {
        var storage = new Entity(
            EntityKind.Of<VirtualStorageSpec>(), EntityId.Parse("s"), "s", Then, Then, 1,
            Entity.NoTags.Add("zone", "a"),
            new VirtualStorageSpec(2, [RoleSelector.Parse("@n1"), RoleSelector.Parse("#x")]));
        var facts = EntityFacts.Of(
            storage, [new EntityReference("spec.nodes[0]", EntityKey.Of<NodeSpec>(EntityId.Parse("n1")))]);
        Assert.Equal(["Replication factor", "Nodes", "Semantic", "Tags"], facts.Select(fact => fact.Label));
        Assert.Equal([new FactValue("@n1", "/model/nodes/n1"), new FactValue("#x")], facts[1].Values);
        Assert.Equal("zone = a", Assert.Single(facts[3].Values).Text);
        var external = EntityFacts.Of(Identity(), []).Single(fact => fact.Label == "External");
        Assert.Equal([new FactValue("–", IsQuiet: true)], external.Values);
        Assert.Equal("Type: person · Roles: viewer", EntityFacts.Summarize(Identity()));
    }

    private static void Type(
        EntityDraft draft, string path, string typed, IEnumerable<FormField>? fields = null) =>
        draft.Type((fields ?? draft.Shape.Fields).Single(field => field.Path == path), typed);

    private static Entity Identity() => new(
        EntityKind.Of<IdentitySpec>(), EntityId.Parse("anna"), "anna", Then, Then, 7, Entity.NoTags,
        new IdentitySpec(IdentityType.Person, [EntityId.Parse("viewer")], []));
}
