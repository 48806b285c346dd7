using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>
/// Selects entities by what they are (<c>#attribute</c>), by which they are (<c>@id</c>), or all of them (<c>#all</c>).
/// </summary>
[JsonConverter(typeof(TextJsonConverter<RoleSelector>))]
public readonly record struct RoleSelector : IParsable<RoleSelector>
{
    private readonly string? _text;

    private RoleSelector(string text) => _text = text;

    /// <summary>Every entity of the kind.</summary>
    public static RoleSelector Everything { get; } = new("#all");

    /// <summary>The attribute it asks for; null when it asks for an id or for all.</summary>
    public string? Attribute => _text is ['#', ..] && _text != "#all" ? _text[1..] : null;

    /// <summary>The id it asks for; null when it asks for an attribute or for all.</summary>
    public EntityId? Id => _text is ['@', ..] ? EntityId.Parse(_text[1..]) : null;

    /// <summary>Whether it selects every entity of the kind.</summary>
    public bool IsEverything => _text == "#all";

    /// <inheritdoc/>
    public static RoleSelector Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var selector) ? selector : throw new FormatException($"'{s}' selects nothing.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RoleSelector result)
    {
        // An attribute follows the rule of ids, so that both can stand in addresses.
        var valid = s is ['#' or '@', ..] && EntityId.TryParse(s[1..], provider, out _);
        result = valid ? new RoleSelector(s!) : default;
        return valid;
    }

    /// <summary>Whether selectors select an entity. An <c>@id</c> selects alone, whatever the semantic.</summary>
    /// <param name="selectors">At least one, or nothing is selected.</param>
    /// <param name="semantic">Whether one attribute is enough, or all are needed.</param>
    /// <param name="id">Whose.</param>
    /// <param name="attributes">What it is.</param>
    public static bool Select(
        ImmutableArray<RoleSelector> selectors, RoleSemantic semantic, EntityId id, ImmutableArray<string> attributes)
    {
        if (selectors.Any(one => one.IsEverything || one.Id == id)) return true;
        var asked = selectors.Where(one => one.Attribute is not null).ToList();
        return asked.Count > 0 && (semantic is RoleSemantic.AllOf
            ? asked.TrueForAll(one => attributes.Contains(one.Attribute!))
            : asked.Exists(one => attributes.Contains(one.Attribute!)));
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
