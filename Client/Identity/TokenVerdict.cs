namespace Aedile.Client.Identity;

/// <summary>What a token is worth: taken, with what it says, or refused, with the reason.</summary>
/// <param name="Token">What it says; null when it is refused.</param>
/// <param name="Refusal">Why it is refused; null when it is taken.</param>
/// <param name="Kid">The key that signed it; default when it is refused.</param>
public readonly record struct TokenVerdict(AccessToken? Token, TokenRefusal? Refusal, KeyId Kid = default)
{
    /// <summary>It is taken.</summary>
    public static TokenVerdict Taken(AccessToken token, KeyId kid) => new(token, null, kid);

    /// <summary>It is refused.</summary>
    public static TokenVerdict Refused(TokenRefusal reason) => new(null, reason);
}
