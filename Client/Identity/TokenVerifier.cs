namespace Aedile.Client.Identity;

/// <summary>
/// Takes or refuses tokens from what this machine knows, without asking anybody. Safe from any thread. The first look
/// at a token costs one signature check (0.1 ms), the next ones a few microseconds.
/// </summary>
/// <param name="clock">Now.</param>
/// <param name="rememberedMax">How many right signatures are remembered, twice over; about 0.5 kB each.</param>
public sealed class TokenVerifier(TimeProvider clock, int rememberedMax = 16_384)
{
    private readonly RightSignatures _right = new(rememberedMax);

    /// <summary>How many right signatures are remembered now, for a metric.</summary>
    public int Remembered => _right.Count;

    /// <summary>Judges a token. Total: hostile text is refused, never an exception.</summary>
    /// <param name="text">The token as it was sent.</param>
    /// <param name="trust">The newest view; ask for it anew with each request.</param>
    /// <param name="audience">Who is asked: see <see cref="TokenAudience"/>.</param>
    /// <param name="shown">The certificate that the caller proved to hold on this connection; null for none.</param>
    public TokenVerdict Verify(string text, TrustView trust, string audience, Fingerprint? shown = null)
    {
        if (text.Length > CompactJws.CharactersMax) return TokenVerdict.Refused(TokenRefusal.Malformed);
        var digest = TokenDigest.Of(text);
        var signed = _right.Find(digest);
        if (signed is null)
        {
            (signed, var refusal) = CheckSignature(text, trust);
            if (signed is null) return TokenVerdict.Refused(refusal);
            _right.Add(digest, signed);
        }
        return Judge(signed, trust, audience, shown) is { } reason
            ? TokenVerdict.Refused(reason)
            : TokenVerdict.Taken(signed.Token, signed.Kid);
    }

    /// <summary>
    /// Judges a token once more that was taken before, by who remembers what it says and not its text.
    /// </summary>
    /// <param name="kid">The key that had signed it.</param>
    /// <param name="token">What it says.</param>
    /// <param name="trust">The newest view.</param>
    /// <param name="audience">Who is asked.</param>
    /// <returns>Why it is refused now; null while it is taken.</returns>
    public TokenRefusal? JudgeAgain(KeyId kid, AccessToken token, TrustView trust, string audience) =>
        Judge(new SignedToken(kid, token), trust, audience, null);

    private static (SignedToken? Signed, TokenRefusal Refusal) CheckSignature(string text, TrustView trust)
    {
        if (!CompactJws.TryParse(text, out var jws)) return (null, TokenRefusal.Malformed);
        if (TokenText.ReadHeader(jws, out var kid) is { } refusal) return (null, refusal);
        if (trust.Keys.Find(kid) is not { } trusted) return (null, TokenRefusal.UnknownKey);
        if (!trusted.Key.Verify(jws.Signed.Span, jws.Signature.Span)) return (null, TokenRefusal.BadSignature);
        if (!TokenText.TryReadClaims(jws, out var token)) return (null, TokenRefusal.Malformed);
        return (new SignedToken(kid, token), default);
    }

    // Everything but the signature is asked anew each time: time passes and views change.
    private TokenRefusal? Judge(SignedToken signed, TrustView trust, string audience, Fingerprint? shown)
    {
        var token = signed.Token;
        var now = clock.GetUtcNow();
        if (token.Fleet != trust.Fleet) return TokenRefusal.OtherFleet;
        if (now >= token.ExpiresAt + trust.ClockSkew) return TokenRefusal.Expired;
        if (now < token.NotBefore - trust.ClockSkew || now < token.IssuedAt - trust.ClockSkew)
            return TokenRefusal.NotYetValid;
        // The id follows from the key, so the key of this id is the one that was right when it was remembered.
        if (trust.Keys.Find(signed.Kid) is not { } key || !key.Allows(token, now, trust.ClockSkew))
            return TokenRefusal.UnknownKey;
        if (token.Audience != audience) return TokenRefusal.WrongAudience;
        if (!trust.Identities.TryGetValue(token.Identity, out var identity) || !identity.MayHold(token))
            return TokenRefusal.UnknownIdentity;
        if (identity.IsDisabled) return TokenRefusal.IdentityDisabled;
        if (trust.Revoked.Contain(token)) return TokenRefusal.Revoked;
        return token.Certificate is { } bound && bound != shown ? TokenRefusal.WrongCertificate : null;
    }
}
