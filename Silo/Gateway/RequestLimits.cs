using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.OpenApi;
using Microsoft.AspNetCore.Diagnostics;

namespace Aedile.Silo.Gateway;

/// <summary>Sends away what is too often or too large, before an endpoint begins.</summary>
internal static class RequestLimits
{
    /// <summary>Behind authorization: rates are counted by who asks.</summary>
    public static void UseRequestLimits(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var rates = http.RequestServices.GetRequiredService<IdentityRates>();
        if (rates.Ask(Caller.Of(http.User)) is { } tooOften) return Problems.Write(http, tooOften);
        // What comes without a length is cut by who reads it.
        return LimitOf(http) is { } limit && http.Request.ContentLength > limit
            ? Problems.Write(http, Problems.BodyTooLarge(limit))
            : next(http);
    });

    /// <summary>Most bytes that the request's body may have; null when its endpoint sets no limit.</summary>
    public static long? LimitOf(HttpContext http)
    {
        // When an exception is described, the request has no endpoint any more.
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        return endpoint?.Metadata.GetMetadata<BodyLimit>()?.Bytes;
    }
}
