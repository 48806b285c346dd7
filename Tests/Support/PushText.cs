using System.Text.RegularExpressions;

namespace Aedile.Tests.Support;

/// <summary>Reads what git shows of a push.</summary>
public static partial class PushText
{
    /// <summary>The transaction id that the gateway sent on the sideband; null if none arrived.</summary>
    public static string? Transaction(string text) =>
        Uuid().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
