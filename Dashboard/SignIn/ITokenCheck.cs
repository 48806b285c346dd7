namespace Aedile.Dashboard.SignIn;

/// <summary>Who may sign in. The host implements it; both answers come from memory.</summary>
public interface ITokenCheck
{
    /// <summary>Compares in constant time.</summary>
    /// <returns>Whose token it is; null when it is nobody's.</returns>
    ValueTask<TokenHolder?> Check(string token, CancellationToken cancellation);

    /// <summary>
    /// Whether the token behind a stamp is still good. Asked for each request and once a second for each open page, so
    /// that a session ends with its token.
    /// </summary>
    ValueTask<bool> IsCurrent(string stamp, CancellationToken cancellation);
}

/// <summary>The holder of a token.</summary>
/// <param name="Name">For people, as in <c>admin</c>.</param>
/// <param name="Stamp">Changes with the token, and doesn't reveal it; a keyed hash will do.</param>
public sealed record TokenHolder(string Name, string Stamp);
