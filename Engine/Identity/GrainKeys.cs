using System.Globalization;
using Orleans.Runtime;

namespace Aedile.Engine.Identity;

/// <summary>
/// The text forms of keys in identities: integers in hexadecimal, guids as 32 digits, texts as they are.
/// </summary>
internal static class GrainKeys
{
    public static IdSpan From(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    public static IdSpan From(Guid key) => IdSpan.Create(key.ToString("N", CultureInfo.InvariantCulture));

    public static IdSpan From(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return IdSpan.Create(key);
    }

    public static long ToInteger(GrainId id) =>
        long.TryParse(id.Key.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new InvalidOperationException($"The key of {id} is no integer.");

    public static Guid ToGuid(GrainId id) => Guid.TryParseExact(id.Key.ToString(), "N", out var key)
        ? key
        : throw new InvalidOperationException($"The key of {id} is no guid.");
}
