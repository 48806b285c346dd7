using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Repositories;

/// <summary>Globally unique id of one write; the client learns it and can ask for the outcome with it.</summary>
[JsonConverter(typeof(TextJsonConverter<TransactionId>))]
public readonly record struct TransactionId(Guid Value) : IParsable<TransactionId>
{
    /// <inheritdoc/>
    public static TransactionId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TransactionId result)
    {
        var valid = Guid.TryParseExact(s, "D", out var value);
        result = new TransactionId(value);
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
