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

/// <summary>The three requests that are no pages: sign in, sign out, and "am I still signed in".</summary>
internal static class SignInEndpoints
{
    /// <summary>Path of the page, and of the form it posts.</summary>
    public const string Path = "/sign-in";

    private const int TokenLengthMax = 4_096;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Anonymous, but under the policy, as the page is: its form's token names who was signed in, if anyone.
        routes.MapPost(Path, SignIn).RequireAuthorization(Sessions.Scheme).AllowAnonymous();
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
        [FromForm] SignInForm form, HttpContext http, ITokenCheck tokens, Sessions sessions, SignInThrottle throttle,
        ILogger<ITokenCheck> log, CancellationToken cancellation)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!throttle.TryBegin(address))
        {
            log.SignInThrottled(address);
            return Again(form, "throttled");
        }
        var token = form.Token?.Trim() ?? "";
        var holder = token is { Length: > 0 and <= TokenLengthMax } ? await tokens.Check(token, cancellation) : null;
        if (holder is null)
        {
            log.SignInRefused(address);
            return Again(form, "wrong");
        }
        throttle.Succeeded(address);
        await http.SignInAsync(Sessions.Scheme, sessions.Start(holder));
        log.SignedIn(holder.Name, address);
        return TypedResults.Redirect(SafeReturn(form.ReturnUrl));
    }

    private static async Task<RedirectHttpResult> SignOut(
        HttpContext http, ClaimsPrincipal user, Sessions sessions,
        ILogger<ITokenCheck> log)
    {
        sessions.End(user);
        await http.SignOutAsync(Sessions.Scheme);
        log.SignedOut(user.Identity?.Name ?? "");
        return TypedResults.Redirect(Path);
    }

    private static RedirectHttpResult Again(SignInForm form, string why) =>
        TypedResults.Redirect(
            $"{Path}?failed={why}&returnUrl={Uri.EscapeDataString(SafeReturn(form.ReturnUrl))}");
}

/// <summary>What the sign-in page posts.</summary>
/// <param name="Token">The pasted token.</param>
/// <param name="ReturnUrl">The path that was asked for.</param>
internal sealed record SignInForm(string? Token, string? ReturnUrl);
