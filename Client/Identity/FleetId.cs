using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>
/// Identity of a fleet: all silos on one database. The <c>iss</c> of its tokens; made once, kept for ever. Its text
/// follows the rule of <see cref="EntityId"/>.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<FleetId>))]
public readonly record struct FleetId : IParsable<FleetId>
{
    private readonly string? _value;

    private FleetId(string value) => _value = value;

    /// <summary>The id as text; empty for the default value, which stands for none.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static FleetId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the id of a fleet.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out FleetId result)
    {
        var valid = EntityId.TryParse(s, null, out _);
        result = valid ? new FleetId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
