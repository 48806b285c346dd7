using System.Collections.Immutable;

namespace Aedile.Dashboard.Model.Forms;

/// <summary>How a member is shown and typed.</summary>
public enum FieldKind
{
    /// <summary>One line of text, and whatever is written as such.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A moment, in UTC.</summary>
    Moment,

    /// <summary>Several texts, one a line.</summary>
    Lines,

    /// <summary>Texts with names, <c>name = text</c>, one a line.</summary>
    Pairs,

    /// <summary>A part with members of its own, which may be missing as a whole.</summary>
    Group,

    /// <summary>Anything else, as JSON.</summary>
    Json,
}

/// <summary>One member of an entity on a form.</summary>
/// <param name="Path">As problems name it: <c>spec.replicationFactor</c>.</param>
/// <param name="Label">For people: <c>Replication factor</c>.</param>
/// <param name="Kind">How it is shown and typed.</param>
/// <param name="IsNeeded">Whether it has no default.</param>
/// <param name="MayBeNull">Whether it may be empty.</param>
/// <param name="Choices">The words of a <see cref="FieldKind.Choice"/>.</param>
/// <param name="Members">The members of a <see cref="FieldKind.Group"/>.</param>
public sealed record FormField(
    string Path, string Label, FieldKind Kind, bool IsNeeded, bool MayBeNull, ImmutableArray<string> Choices,
    ImmutableArray<FormField> Members)
{
    /// <summary>Id of its control.</summary>
    public string ControlId => "field-" + Path.Replace('.', '-');

    /// <summary>Whether a problem's path means this one, or a place in it; of a group what no member means.</summary>
    public bool IsMeant(string? field)
    {
        if (field is null || !field.StartsWith(Path, StringComparison.Ordinal)) return false;
        return field.Length == Path.Length || field[Path.Length] is '['
            || (field[Path.Length] is '.' && !Members.Any(member => member.IsMeant(field)));
    }
}
