namespace Aedile.Client.Identity;

/// <summary>What a token is worth: taken, with what it says, or refused, with the reason.</summary>
/// <param name="Token">What it says; null when it is refused.</param>
/// <param name="Refusal">Why it is refused; null when it is taken.</param>
public readonly record struct TokenVerdict(AccessToken? Token, TokenRefusal? Refusal)
{
    /// <summary>It is taken.</summary>
    public static TokenVerdict Taken(AccessToken token) => new(token, null);

    /// <summary>It is refused.</summary>
    public static TokenVerdict Refused(TokenRefusal reason) => new(null, reason);
}
