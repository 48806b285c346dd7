using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Answers to git that are no success. Git shows the status, and the text to those who look.</summary>
internal static class GitRefusals
{
    /// <summary>Says why a repository can't be read.</summary>
    public static Task Write(HttpContext http, Availability availability) => availability switch
    {
        Availability.NotFound => NotFound(http),
        Availability.DataLoss => Write(
            http, 503, "no up-to-date replica of this repository is there; it needs an operator"),
        Availability.RegistryRegressed => Write(
            http, 503, "the database of this repository went back; it needs an operator"),
        _ => Write(http, 503, "no up-to-date replica of this repository answers; try again"),
    };

    /// <summary>Git turns 404 into "repository … not found".</summary>
    public static Task NotFound(HttpContext http) => Write(http, 404, "repository not found");

    /// <summary>The address takes another method.</summary>
    public static Task PostOnly(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Post;
        return Write(http, 405, "this address takes POST only");
    }

    /// <summary>Writes a status and one line.</summary>
    public static Task Write(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        GitRequest.ForbidCaching(http.Response);
        if (status is StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "1";
        return http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }
}
