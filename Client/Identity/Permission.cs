using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Identity;

/// <summary>
/// What a role allows: <c>KIND:VERB</c>, as in <c>repositories:write</c>. Either part may be <c>*</c>; <c>*</c> alone
/// is everything. A kind is 1 to 40 of <c>a-z -</c>, a verb 1 to 20.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<Permission>))]
public readonly record struct Permission : IParsable<Permission>, IComparable<Permission>
{
    /// <summary>Stands for any kind or verb.</summary>
    public const string Any = "*";

    private const int KindCharactersMax = 40;
    private const int VerbCharactersMax = 20;

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");

    private readonly string? _kind;
    private readonly string? _verb;

    private Permission(string kind, string verb) => (_kind, _verb) = (kind, verb);

    /// <summary>What it is about, in the plural; <see cref="Any"/> for all. Empty for the default value.</summary>
    public string Kind => _kind ?? "";

    /// <summary>
    /// What may be done; <see cref="Any"/> for all. Empty for the default value, which allows nothing.
    /// </summary>
    public string Verb => _verb ?? "";

    /// <summary>Whether all that <paramref name="other"/> allows is allowed by this one.</summary>
    public bool Covers(Permission other) =>
        other != default && (Kind == Any || Kind == other.Kind) && (Verb == Any || Verb == other.Verb);

    /// <inheritdoc/>
    public static Permission Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var value) ? value : throw new FormatException($"'{s}' is not a permission.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Permission result)
    {
        result = s is Any ? new Permission(Any, Any) : default;
        if (s is null or Any) return s is not null;
        var colon = s.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !IsPart(s.AsSpan(0, colon), KindCharactersMax)
            || !IsPart(s.AsSpan(colon + 1), VerbCharactersMax)) return false;
        result = new Permission(s[..colon], s[(colon + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Permission other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <summary>The text that parses to it; <c>*:*</c> is written <c>*</c>.</summary>
    public override string ToString() =>
        this == default ? "" : Kind == Any && Verb == Any ? Any : $"{Kind}:{Verb}";

    private static bool IsPart(ReadOnlySpan<char> text, int charactersMax) =>
        text is Any || (text.Length >= 1 && text.Length <= charactersMax && text[0] is not '-' && text[^1] is not '-'
            && !text.ContainsAnyExcept(Letters));
}
