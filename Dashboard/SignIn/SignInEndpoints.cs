using System.Globalization;
using System.Net;
using System.Security.Claims;
using Aedile.Dashboard.Fleet;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Aedile.Dashboard.SignIn;

/// <summary>The requests that are no pages: sign in, enrol, sign out, and "am I still signed in".</summary>
internal static class SignInEndpoints
{
    /// <summary>Path of the page, and of the form it posts.</summary>
    public const string Path = "/sign-in";

    /// <summary>Path of the page for who has a one-time token, and of its form.</summary>
    public const string EnrolPath = "/enrol";

    private const int TextLengthMax = 4_096;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Anonymous, but under the policy, as the page is: its form's token names who was signed in, if anyone.
        routes.MapPost(Path, SignIn).RequireAuthorization(Sessions.Scheme).AllowAnonymous();
        routes.MapPost(EnrolPath, Enrol).RequireAuthorization(Sessions.Scheme).AllowAnonymous();
        routes.MapPost("/sign-out", SignOut).RequireAuthorization(Sessions.Scheme);
        // An open page asks now and then: it slides the cookie's life, tells where to go when this silo dies, and a 401
        // sends the page to sign in again.
        routes.MapGet("/session", (HttpContext http, ISiloList silos) =>
        {
            http.Response.Headers["Aedile-Silos"] =
                string.Join(' ', silos.Others.Select(s => s.GetLeftPart(UriPartial.Authority)));
            return TypedResults.NoContent();
        }).RequireAuthorization(Sessions.Scheme);
    }

    /// <summary>
    /// A path of our own to go to after sign-in; anything that could leave this host becomes <c>/</c>.
    /// </summary>
    internal static string SafeReturn(string? path) =>
        path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";

    private static async Task<RedirectHttpResult> SignIn(
        [FromForm] SignInForm form, HttpContext http, ISignIn signIn, Sessions sessions, SignInThrottle throttle,
        ILogger<ISignIn> log, CancellationToken cancellation)
    {
        var address = http.Connection.RemoteIpAddress;
        var back = $"{Path}?returnUrl={Uri.EscapeDataString(SafeReturn(form.ReturnUrl))}";
        var answer = form switch
        {
            { Token.Length: > TextLengthMax } or { Name.Length: > TextLengthMax }
                or { Password.Length: > TextLengthMax } => SignInAnswer.Refused(SignInRefusal.Wrong),
            { Token.Length: > 0 } => ByToken(form.Token.Trim(), address, signIn, throttle, log),
            // As they are typed: a password may begin with a space.
            { Name.Length: > 0, Password.Length: > 0 } =>
                await signIn.ByPassword(form.Name.Trim(), form.Password, address, cancellation),
            _ => SignInAnswer.Refused(SignInRefusal.Wrong),
        };
        return await Answer(http, answer, SafeReturn(form.ReturnUrl), back, sessions, log);
    }

    private static async Task<RedirectHttpResult> Enrol(
        [FromForm] EnrolForm form, HttpContext http, ISignIn signIn, Sessions sessions, ILogger<ISignIn> log,
        CancellationToken cancellation)
    {
        var address = http.Connection.RemoteIpAddress;
        var answer = form switch
        {
            { Token.Length: > 0 and <= TextLengthMax, Password.Length: > 0 and <= TextLengthMax }
                when form.Password == form.Repeated =>
                await signIn.ByEnrolment(form.Token.Trim(), form.Password, address, cancellation),
            _ => SignInAnswer.Refused(SignInRefusal.BadPassword),
        };
        return await Answer(http, answer, "/", EnrolPath + "?", sessions, log);
    }

    // Fewer than a name's logins may have: a token is not forgotten and typed again.
    private static SignInAnswer ByToken(
        string token, IPAddress? address, ISignIn signIn, SignInThrottle throttle, ILogger<ISignIn> log)
    {
        if (!throttle.TryBegin(address))
        {
            log.SignInThrottled(address);
            return SignInAnswer.Refused(SignInRefusal.Later, SignInThrottle.Window);
        }
        var answer = signIn.ByToken(token);
        if (answer.Viewer is not null) throttle.Succeeded(address);
        else log.SignInRefused(address);
        return answer;
    }

    private static async Task<RedirectHttpResult> Answer(
        HttpContext http, SignInAnswer answer, string next, string back, Sessions sessions, ILogger<ISignIn> log)
    {
        if (answer.Viewer is not { } viewer)
        {
            var wait = (int)Math.Ceiling(answer.Wait.TotalSeconds);
            return TypedResults.Redirect(string.Create(
                CultureInfo.InvariantCulture, $"{back}&failed={SignInWords.CodeOf(answer.Refusal)}&wait={wait}"));
        }
        await http.SignInAsync(Sessions.Scheme, sessions.Start(viewer));
        log.SignedIn(viewer.Name, http.Connection.RemoteIpAddress);
        return TypedResults.Redirect(next);
    }

    private static async Task<RedirectHttpResult> SignOut(
        HttpContext http, ClaimsPrincipal user, Sessions sessions, ILogger<ISignIn> log,
        CancellationToken cancellation)
    {
        await sessions.End(user, cancellation);
        await http.SignOutAsync(Sessions.Scheme);
        log.SignedOut(user.Identity?.Name ?? "");
        return TypedResults.Redirect(Path);
    }
}

/// <summary>What the sign-in page posts: a name and a password, or a token. Each may be left out.</summary>
internal sealed record SignInForm
{
    /// <summary>The identity's name.</summary>
    public string? Name { get; init; }

    /// <summary>Its password.</summary>
    public string? Password { get; init; }

    /// <summary>The pasted token.</summary>
    public string? Token { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? ReturnUrl { get; init; }
}

/// <summary>What the enrolment page posts.</summary>
internal sealed record EnrolForm
{
    /// <summary>The one-time token.</summary>
    public string? Token { get; init; }

    /// <summary>The password to set.</summary>
    public string? Password { get; init; }

    /// <summary>The same once more.</summary>
    public string? Repeated { get; init; }
}
