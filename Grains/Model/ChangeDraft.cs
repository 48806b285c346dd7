using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model.Kinds;

namespace Aedile.Grains.Model;

/// <summary>
/// A transaction while it is decided: each change sees what the ones before it made. References are looked at in the
/// end, so that entities that refer to each other come and go together.
/// </summary>
internal sealed class ChangeDraft(ModelState state, long index, DateTimeOffset at, Guid command)
{
    private const int NameLengthMax = 320;
    private const int TagsMax = 32;
    private const int TagLengthMax = 255;

    private readonly ImmutableArray<EntityChange>.Builder _changes = ImmutableArray.CreateBuilder<EntityChange>();

    /// <summary>The entities as they are after the changes so far; index and digest are those before.</summary>
    public ModelState State { get; private set; } = state;

    /// <summary>What changed so far.</summary>
    public ImmutableArray<EntityChange> Changes => _changes.ToImmutable();

    /// <summary>Makes a change, or says why not.</summary>
    public WriteRefusal? Make(WriteChange change)
    {
        if (EntityKinds.Find(change.Kind) is not { } kind)
            return Refuse(WriteRule.Kind, "kind", $"There is no kind '{change.Kind}'.");
        if (change.Id is not null && !EntityId.TryParse(change.Id, null, out _))
            return Refuse(WriteRule.Value, "id", $"'{change.Id}' is no id: 1 to 63 of a-z 0-9 -, no dash at the ends.");
        if (change is { Id: null, Verb: not ChangeVerb.Create })
            return Refuse(WriteRule.MissingField, "id", "The id of the entity is needed.");
        var key = new EntityKey(kind, change.Id is { } id ? EntityId.Parse(id) : NewId());
        var before = State.Find(key);
        if (change.Verb is ChangeVerb.Create)
            return before is null ? Write(key, null, change.Body) : Refuse(WriteRule.IdTaken, "id", $"There is {key}.");
        if (before is null) return Refuse(WriteRule.NotFound, "id", $"There is no {key}.");
        if (change.ExpectedVersion is { } expected && expected != before.Version)
            return Refuse(WriteRule.Version, "version", $"{key} has version {before.Version}, not {expected}.");
        switch (change.Verb)
        {
            case ChangeVerb.Update:
                return Write(key, before, change.Body);
            case ChangeVerb.Patch:
                var (body, fault) = BodyReader.Merge(before, change.Body ?? "");
                return fault is null ? Write(key, before, body) : Refuse(fault.Rule, fault.Field, fault.Detail);
            case ChangeVerb.Delete:
                if (KindRules.Of(kind).CheckRemoval(before) is { } flaw)
                    return Refuse(WriteRule.Value, flaw.Field, flaw.Detail);
                Add(new EntityChange(before, null));
                return null;
            default:
                return Refuse(WriteRule.Value, "verb", "It is create, update, patch or delete.");
        }
    }

    /// <summary>Which change leaves a reference that leads nowhere; null when none does.</summary>
    public WriteRefusal? CheckReferences()
    {
        foreach (var (place, change) in _changes.Index())
        {
            if (State.Find(change.Key) is { } entity)
            {
                var lost = KindRules.Of(entity.Kind).ReferencesOf(entity)
                    .FirstOrDefault(reference => State.Find(reference.Target) is null);
                if (lost.Field is not null)
                    return new WriteRefusal(WriteRule.Reference, place, lost.Field, $"There is no {lost.Target}.");
            }
            else if (State.IsReferenced(change.Key))
            {
                return new WriteRefusal(
                    WriteRule.Referenced, place, null, $"Other entities refer to {change.Key}: change them first.");
            }
        }

        return null;
    }

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static Flaw? CheckName(string name) =>
        name.Length is 0 or > NameLengthMax || name.Any(char.IsControl) || name != name.Trim()
            ? new Flaw("name", $"A name has 1 to {NameLengthMax} characters, none of control, no outer spaces.")
            : null;

    /// <summary>What is wrong with tags; null when nothing is.</summary>
    public static Flaw? CheckTags(ImmutableSortedDictionary<string, string> tags)
    {
        if (tags.Count > TagsMax) return new Flaw("tags", $"There may be {TagsMax} tags.");
        foreach (var (name, value) in tags)
        {
            if (name.Length is 0 or > TagLengthMax || value.Length > TagLengthMax)
                return new Flaw("tags", $"A tag's name and value have {TagLengthMax} characters at most.");
        }

        return null;
    }

    private WriteRefusal? Write(EntityKey key, Entity? before, string? body)
    {
        var (draft, fault) = BodyReader.Read(key.Kind, body ?? "");
        if (draft is null) return Refuse(fault!.Rule, fault.Field, fault.Detail);
        var after = new Entity(
            key.Kind, key.Id, draft.Name ?? before?.Name ?? key.Id.Value, before?.CreatedAt ?? at, at, index,
            draft.Tags, draft.Spec);
        var rules = KindRules.Of(key.Kind);
        var flaw = CheckName(after.Name) ?? CheckTags(after.Tags) ?? rules.Check(after)
            ?? (before is null ? null : rules.CheckChange(before, after));
        if (flaw is not null) return Refuse(WriteRule.Value, flaw.Field, flaw.Detail);
        if (State.FindByName(key.Kind, after.Name) is { } other && other.Id != key.Id)
            return Refuse(WriteRule.NameTaken, "name", $"{other.Key} has the name '{after.Name}'.");
        Add(new EntityChange(before, after));
        return null;
    }

    private void Add(EntityChange change)
    {
        _changes.Add(change);
        State = State.With(change);
    }

    // From the command's id: a command that comes again makes the same entities.
    private EntityId NewId() => EntityId.From(new Guid(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{command:N}/{_changes.Count}")).AsSpan(0, 16)));

    private WriteRefusal Refuse(WriteRule rule, string? field, string detail) =>
        new(rule, _changes.Count, field, detail);
}
