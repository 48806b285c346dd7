using System.Data.Common;
using Aedile.Silo.Gateway.Model;
using Aedile.Silo.Model;
using Microsoft.AspNetCore.Diagnostics;

namespace Aedile.Silo.Gateway;

/// <summary>
/// Turns what escapes an endpoint into a problem: the world's faults into 503, the client's into 4xx, ours into 500.
/// </summary>
internal sealed class Failures(ILogger<Failures> log) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested) return true; // Nobody listens any more.
        await Problems.Write(httpContext, Describe(httpContext, exception));
        return true;
    }

    private Refusal Describe(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                when RequestLimits.LimitOf(http) is { } limit:
                return Problems.BodyTooLarge(limit);
            case BadHttpRequestException bad:
                return Problems.BadRequest(bad.Message, bad.StatusCode);
            case NotWrittenException notWritten:
                return ModelProblems.Of(notWritten.Reply)!;
            case TimeoutException or OrleansException or DbException or OperationCanceledException:
                log.NotNow(exception, http.Request.Method, http.Request.Path);
                return Problems.Unavailable("The repository's coordinator or the database did not answer; try again.");
            default:
                log.Bug(exception, http.Request.Method, http.Request.Path);
                return Problems.Failed();
        }
    }
}
