using System.Diagnostics;
using System.Globalization;
using Aedile.Client;

namespace Aedile.Silo.Gateway;

/// <summary>An answer that says why not, as <c>application/problem+json</c> (RFC 9457).</summary>
internal sealed record Refusal(
    string Type, string Title, int Status, string Detail, string? Field = null, bool Retryable = false,
    int RetryAfterSeconds = 1) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        var trace = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier;
        var problem = new Problem("urn:aedile:" + Type, Title, Status, Detail, Field, Retryable, trace);
        return response.WriteAsJsonAsync(problem, Wire.Json, "application/problem+json", httpContext.RequestAborted);
    }
}
