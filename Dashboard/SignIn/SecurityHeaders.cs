using Aedile.Dashboard.Fleet;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Aedile.Dashboard.SignIn;

/// <summary>Marks the dashboard's endpoints, so that its middleware leaves REST and Git alone.</summary>
internal sealed record DashboardEndpoint;

/// <summary>
/// Sends the security headers with every answer of the dashboard, and refuses a request that another origin made.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, ISiloList silos)
{
    // Radzen and Blazor's virtualised rows set style attributes; no script is inline, none is from elsewhere.
    private const string PolicyStart =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; connect-src 'self'";

    public Task Invoke(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<DashboardEndpoint>() is null) return next(http);

        var headers = http.Response.Headers;
        // A page whose silo died looks which other one answers.
        headers.ContentSecurityPolicy = silos.Others.Aggregate(
            PolicyStart, (policy, silo) => $"{policy} {silo.GetLeftPart(UriPartial.Authority)}");
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (IsSameOrigin(http.Request)) return next(http);

        // SameSite keeps the cookie from other sites, but "site" ignores ports: a page on another port of this host
        // could open a circuit with the operator's cookie.
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // Scheme is left out: behind a proxy that ends TLS it differs, and the host already says who asks.
    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers[HeaderNames.Origin] is not [{ } origin]
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, HostOf(request, uri), StringComparison.OrdinalIgnoreCase));

    private static string HostOf(HttpRequest request, Uri origin) =>
        request.Host.Port == DefaultPort(origin) ? request.Host.Host : request.Host.Value ?? "";

    private static int DefaultPort(Uri origin) => origin.Scheme == Uri.UriSchemeHttps ? 443 : 80;
}
