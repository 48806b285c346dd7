using System.Net;
using Aedile.Client.Identity;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Gateway.Access;

/// <summary>A connection shows a certificate that is neither the fleet's nor a login: its handshake says so.</summary>
/// <param name="Fingerprint">Which one.</param>
/// <param name="From">Where the connection comes from.</param>
internal sealed record StrangersCertificate(Fingerprint Fingerprint, EndPoint? From);

/// <summary>
/// Ends connections that show a stranger's certificate at their first request, before anything else looks at it. The
/// login by certificate is let through: it says why not, as a handshake couldn't.
/// </summary>
internal sealed class StrangerDoor(IIdentityModel model, ILogger<StrangerDoor> log) : IStartupFilter
{
    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, pass) => MayPass(http) ? pass(http) : Task.CompletedTask);
        next(app);
    };

    private bool MayPass(HttpContext http)
    {
        if (http.Features.Get<StrangersCertificate>() is not { } stranger
            || http.Request.Path.Equals(LoginEndpoints.ByCertificate, StringComparison.Ordinal)
            // It may have been made a login since.
            || CertificateLogin.OwnersOf(model, stranger.Fingerprint).Any()) return true;
        log.StrangerRefused(stranger.From, stranger.Fingerprint.Value);
        http.Abort();
        return false;
    }
}
