using System.Net;
using Aedile.Client.Identity;

namespace Aedile.Dashboard.SignIn;

/// <summary>
/// Who may sign in, and what he may do then. The host implements it, by the rules that REST has: a rate, a lock-out or
/// a revocation there is one here. What is asked of a viewer is answered from memory.
/// </summary>
public interface ISignIn
{
    /// <summary>Signs in whom a token names: the administrator's, or one that a silo issued.</summary>
    SignInAnswer ByToken(string token);

    /// <summary>Signs in by name and password.</summary>
    /// <param name="name">The identity's name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    Task<SignInAnswer> ByPassword(string name, string password, IPAddress? from, CancellationToken cancellation);

    /// <summary>Spends an enrolment token, sets the password, and signs in.</summary>
    /// <param name="token">The one-time token.</param>
    /// <param name="password">The password to set.</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait; the token may have been spent.</param>
    Task<SignInAnswer> ByEnrolment(string token, string password, IPAddress? from, CancellationToken cancellation);

    /// <summary>
    /// Whether what the viewer signed in with is still good. Asked for each request and once a second for each open
    /// page, so that a session ends with its token.
    /// </summary>
    bool IsCurrent(Viewer viewer);

    /// <summary>Whether the viewer may do something now. Roles that were taken away count at once.</summary>
    bool May(Viewer viewer, Need need);

    /// <summary>
    /// Ends the viewer's session in the whole fleet, if that can be done now: a token that was made for it is taken
    /// back. One that was pasted stays: it is somebody's.
    /// </summary>
    Task End(Viewer viewer, CancellationToken cancellation);
}

/// <summary>Who looks at the pages.</summary>
/// <param name="Name">Id of the identity, as the audit names it; <c>admin</c> for the static token.</param>
/// <param name="Stamp">
/// What he signed in with, as the host wrote it down. It is kept in the cookie, encrypted, and is no token.
/// </param>
public sealed record Viewer(string Name, string Stamp);

/// <summary>Why nobody was signed in.</summary>
public enum SignInRefusal
{
    /// <summary>None.</summary>
    None,

    /// <summary>It is not right; whether name, password or token, nobody is told.</summary>
    Wrong,

    /// <summary>Too many attempts, or a lock-out.</summary>
    Later,

    /// <summary>The new password can't be set.</summary>
    BadPassword,

    /// <summary>The enrolment token was used, or is too late.</summary>
    Over,

    /// <summary>Logins can't be looked at now.</summary>
    NotNow,
}

/// <summary>Answer to a sign-in.</summary>
/// <param name="Viewer">Who signed in; null when nobody did.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Wait">After what time another try makes sense; zero when that is not known.</param>
public sealed record SignInAnswer(Viewer? Viewer, SignInRefusal Refusal = SignInRefusal.None, TimeSpan Wait = default)
{
    /// <summary>Nobody was signed in.</summary>
    public static SignInAnswer Refused(SignInRefusal refusal, TimeSpan wait = default) => new(null, refusal, wait);
}
