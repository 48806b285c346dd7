using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Dashboard.Model.Forms;

/// <summary>
/// An entity while somebody edits it, as a form and as text: the two show the same body. What is sent is the difference
/// to what he began with.
/// </summary>
public sealed class EntityDraft
{
    private JsonObject _base;

    private EntityDraft(EntityKind kind, Entity? entity)
    {
        (Kind, Shape, Entity) = (kind, FormShape.Of(kind), entity);
        _base = entity is null ? Shape.Blank() : BodyOf(entity);
        Body = _base.DeepClone().AsObject();
        Text = FormText.Write(Body);
    }

    /// <summary>Of which kind.</summary>
    public EntityKind Kind { get; }

    /// <summary>Its form.</summary>
    public FormShape Shape { get; }

    /// <summary>What he began with; null for a new one.</summary>
    public Entity? Entity { get; private set; }

    /// <summary>Name, tags and spec as they are typed.</summary>
    public JsonObject Body { get; private set; }

    /// <summary>The same as text.</summary>
    public string Text { get; private set; }

    /// <summary>Whether the text is edited now.</summary>
    public bool IsText { get; private set; }

    /// <summary>Why the text is no body, and where; null when it is one.</summary>
    public string? TextFault { get; private set; }

    /// <summary>Whether anything was changed.</summary>
    public bool IsChanged => IsText ? Text != FormText.Write(_base) : !JsonNode.DeepEquals(Body, _base);

    /// <summary>A new entity.</summary>
    public static EntityDraft New(EntityKind kind) => new(kind, null);

    /// <summary>An entity that is there.</summary>
    public static EntityDraft Of(Entity entity) => new(entity.Kind, entity);

    /// <summary>Something was typed into a field.</summary>
    public void Type(FormField field, string typed) => FormText.Put(Body, field.Path, FormText.Read(field, typed));

    /// <summary>A part that may be missing is there from now on, or not.</summary>
    public void Give(FormField group, bool isGiven) =>
        FormText.Put(Body, group.Path, isGiven ? FormShape.BlankGroup(group) : null);

    /// <summary>The text was typed.</summary>
    public void TypeText(string text) => (Text, TextFault) = (text, null);

    /// <summary>Shows the text, or the form if the text is a body.</summary>
    public void Show(bool asText)
    {
        if (asText && !IsText) Text = FormText.Write(Body);
        if (!asText && IsText && !TakeText()) return;
        IsText = asText;
    }

    /// <summary>What to send; null when the text is no body.</summary>
    /// <param name="id">Id of a new entity; empty: the model gives one.</param>
    public ChangeRequest? Request(string id)
    {
        if (IsText && !TakeText()) return null;
        if (Entity is { } entity)
        {
            return new ChangeRequest(
                ChangeVerb.Patch, Kind.Name, entity.Id.Value, entity.Version,
                ElementOf(MergePatch.Between(_base, Body)));
        }
        var body = Body.DeepClone().AsObject();
        // Left empty: as its id.
        if (body["name"] is JsonValue name && name.TryGetValue<string>(out var text) && text.Length == 0)
            body.Remove("name");
        return new ChangeRequest(
            ChangeVerb.Create, Kind.Name, string.IsNullOrWhiteSpace(id) ? null : id.Trim(), null, ElementOf(body));
    }

    /// <summary>Goes on from what somebody else wrote meanwhile.</summary>
    /// <param name="newer">The entity as it is now.</param>
    /// <param name="keepsMine">Whether the changes made here are put on top of it.</param>
    public void Rebase(Entity newer, bool keepsMine)
    {
        var isBody = !IsText || TakeText();
        var mine = MergePatch.Between(_base, Body);
        _base = BodyOf(newer);
        Entity = newer;
        Body = keepsMine ? MergePatch.Apply(_base, mine) : _base.DeepClone().AsObject();
        if (isBody || !keepsMine) (Text, TextFault) = (FormText.Write(Body), null);
    }

    /// <summary>What was changed here so far.</summary>
    public ImmutableArray<Difference> Changes => Differences.Between(_base, Body);

    private bool TakeText()
    {
        if (!FormText.TryParse(Text, out var value, out var fault))
        {
            TextFault = fault;
            return false;
        }
        if (value is not JsonObject body)
        {
            TextFault = "This must be a JSON object with name, tags and spec.";
            return false;
        }
        (Body, TextFault) = (body, null);
        return true;
    }

    private static JsonObject BodyOf(Entity entity)
    {
        var whole = JsonSerializer.SerializeToNode(ReaderView.Of(entity), Wire.Json)!.AsObject();
        var body = new JsonObject();
        foreach (var name in (string[])["name", "tags", "spec"]) body[name] = whole[name]!.DeepClone();
        return body;
    }

    private static JsonElement ElementOf(JsonObject body) => JsonSerializer.SerializeToElement(body);
}
