using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Silo.Gateway.OpenApi;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// REST of what identities prove themselves by: one-time tokens, passwords and client certificates. The model
/// keeps hashes only, and they are made here, not by who asks.
/// </summary>
internal static class AuthenticatorEndpoints
{
    private const int LifeSecondsMax = 30 * 24 * 3600;

    public static void MapAuthenticators(this IEndpointRouteBuilder routes)
    {
        var identities = routes.MapGroup("/v1/identities/{id}").RequireAuthorization(TokenAuthentication.Admin)
            .LimitBody(RequestBody.BytesMax);
        identities.MapPost("enrolments", Enrol)
            .Describe("IssueEnrolment", "Makes a one-time token, with which the identity may set a password.")
            .Takes<IssueEnrolmentRequest>(RequestBody.BytesMax).Answers<EnrolmentResource>(201)
            .Refuses(403, 404, 409, 503);
        identities.MapPost("certificates", AddCertificate)
            .Describe("AddCertificate", "Makes a client certificate a login; again, it changes nothing.")
            .Takes<AddCertificateRequest>(RequestBody.BytesMax).Answers<CertificateResource>(201)
            .Refuses(403, 404, 409, 503);
        identities.MapPut("password", SetPassword)
            .Describe("SetPassword", "Sets a password: one's own with the current one, or as an administrator.")
            .Takes<SetPasswordRequest>(RequestBody.BytesMax).Answers(204).Refuses(401, 403, 404, 409, 429, 503);
    }

    private static async Task<IResult> Enrol(
        string id, HttpRequest request, IdentityDesk desk, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<IssueEnrolmentRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (body.LifeSeconds is < 1 or > LifeSecondsMax)
            return Problems.InvalidParameter("lifeSeconds", $"A one-time token lives from 1 to {LifeSecondsMax} s.");
        if (!EntityId.TryParse(id, null, out var identity)) return AccessProblems.NoSuchIdentity(id);
        var life = body.LifeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : IdentityDesk.CodeLife;
        var (code, why) = await desk.MakeCode(Caller.Of(request.HttpContext.User)!, identity, life, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return code is null ? why! : TypedResults.Json(code, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> AddCertificate(
        string id, HttpRequest request, IdentityDesk desk, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<AddCertificateRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (!EntityId.TryParse(id, null, out var identity)) return AccessProblems.NoSuchIdentity(id);
        // It would be on this machine for nothing, and its owner should know.
        if (body.Certificate.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return Problems.InvalidParameter("certificate", "A private key stays with its owner.");
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(body.Certificate);
        }
        catch (CryptographicException)
        {
            return Problems.InvalidParameter("certificate", "This is no certificate (PEM).");
        }
        using (certificate)
        {
            var (added, why) = await desk.AddCertificate(
                Caller.Of(request.HttpContext.User)!, identity, certificate, cancellation);
            return added is null ? why! : TypedResults.Json(added, statusCode: StatusCodes.Status201Created);
        }
    }

    private static async Task<IResult> SetPassword(
        string id, HttpRequest request, IdentityDesk desk, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<SetPasswordRequest>(request, cancellation);
        if (body is null) return refusal!;
        if (!EntityId.TryParse(id, null, out var identity)) return AccessProblems.NoSuchIdentity(id);
        var caller = Caller.Of(request.HttpContext.User)!;
        if (body.CurrentPassword is not { } current)
            return await desk.SetPassword(caller, identity, body.Password, cancellation) ?? Done;
        // Of one's own only: else it would be a second way to guess the passwords of others.
        if (identity != caller.Token?.Identity) return AccessProblems.Forbidden(Need.Write("identities"));
        var from = request.HttpContext.Connection.RemoteIpAddress;
        return await desk.ChangeOwnPassword(caller, current, body.Password, from, cancellation) ?? Done;
    }

    private static IResult Done => TypedResults.NoContent();
}
