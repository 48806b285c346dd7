namespace Aedile.Silo.Gateway;

/// <summary>The header by which a client says that a request is the same as an earlier one.</summary>
internal static class IdempotencyKey
{
    private const int LengthMax = 255;
    private const string Header = "Idempotency-Key";

    /// <summary>Reads it; null when there is none.</summary>
    /// <returns>False when it is none that can be kept.</returns>
    public static bool TryRead(HttpRequest request, out string? key)
    {
        var given = request.Headers[Header];
        key = given.Count == 0 ? null : given.ToString();
        return key is null
            || (given.Count == 1 && key.Length is >= 1 and <= LengthMax && key.All(c => c is > ' ' and <= '~'));
    }
}
