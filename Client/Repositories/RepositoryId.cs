using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Repositories;

/// <summary>
/// Identity of a repository: 32 lower-case hexadecimal digits. Never reused; the replica's path on a storage node is
/// derived from it, so a rename moves nothing.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<RepositoryId>))]
public readonly record struct RepositoryId : IParsable<RepositoryId>
{
    private readonly string? _value;

    private RepositoryId(string value) => _value = value;

    /// <summary>The id as text; empty for the default value, which no repository has.</summary>
    public string Value => _value ?? "";

    /// <summary>Makes an id from 128 bits of the caller's source of chance.</summary>
    public static RepositoryId From(Guid bits) => new(bits.ToString("N"));

    /// <inheritdoc/>
    public static RepositoryId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a repository id.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RepositoryId result)
    {
        var valid = s is { Length: 32 } && s.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
        result = valid ? new RepositoryId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
