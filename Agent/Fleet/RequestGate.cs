using Aedile.Agent.Identity;
using Aedile.Agent.Repositories;

namespace Aedile.Agent.Fleet;

/// <summary>
/// Every request passes here: the token first, and on the way back each error becomes its problem details.
/// </summary>
internal static class RequestGate
{
    /// <summary>Lets a request through.</summary>
    public static async Task Pass(HttpContext http, RequestDelegate next, CommandGate gate)
    {
        if (http.Request.Path != "/healthz" && gate.WhyNot(http) is var (status, reason))
        {
            await Answer(
                http, status, status is StatusCodes.Status403Forbidden ? "forbidden" : "unauthorized", reason);
            return;
        }
        try { await next(http); }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested) { } // Nobody listens.
        catch (BadHttpRequestException e) { await Answer(http, e.StatusCode, "malformed", e.Message); }
        catch (PackRejectedException e)
        {
            await Answer(
                http, e.IsTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity,
                e.IsTooLarge ? "pack-too-large" : "pack-rejected", e.Message);
        }
        catch (StagingRefusedException e)
        {
            await Answer(http, StatusCodes.Status409Conflict, "staging-refused", e.Message);
        }
        catch (Exception e)
        {
            http.RequestServices.GetRequiredService<ILogger<StorageRole>>().RequestFailed(e);
            // A node that can't, now; another may.
            var code = e is GitException or IOException
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status500InternalServerError;
            await Answer(http, code, "failed", e.Message);
        }
    }

    private static async Task Answer(HttpContext http, int status, string kind, string detail)
    {
        if (http.Response.HasStarted)
        {
            // The body can only be cut short; without this the client would take it for whole.
            http.Abort();
            return;
        }
        http.Response.Clear();
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        await TypedResults.Problem(detail, statusCode: status, type: $"urn:aedile:{kind}").ExecuteAsync(http);
    }
}
