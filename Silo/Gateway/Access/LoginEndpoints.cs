using Aedile.Client.Identity;
using Aedile.Silo.Gateway.OpenApi;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Gateway.Access;

/// <summary>REST of logins: the only calls that need no token.</summary>
internal static class LoginEndpoints
{
    /// <summary>Where who shows a certificate logs in.</summary>
    public const string ByCertificate = "/v1/login/certificate";

    public static void MapLogins(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/login", Login).AllowAnonymous()
            .Describe("Login", "Gives a token for a name and password, or for an external signer's token.")
            .Takes<LoginRequest>(RequestBody.BytesMax).Answers<TokenResource>().Refuses(401, 429, 503);
        routes.MapPost(ByCertificate, LoginByCertificate).AllowAnonymous().LimitBody(RequestBody.BytesMax)
            .Describe("LoginByCertificate", "Gives a token for the client certificate that the connection shows.")
            .Answers<TokenResource>().Refuses(401, 429, 503);
        routes.MapPost("/v1/enrol", Enrol).AllowAnonymous()
            .Describe("Enrol", "Gives a token for a one-time enrolment token, and may set a password.")
            .Takes<EnrolRequest>(RequestBody.BytesMax).Answers<TokenResource>().Refuses(401, 410, 429, 503);
    }

    private static async Task<IResult> Login(
        HttpRequest request, PasswordLogin passwords, ExternalLogin externals, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<LoginRequest>(request, cancellation);
        if (body is null) return refusal!;
        var from = request.HttpContext.Connection.RemoteIpAddress;
        if (body is { ExternalToken: { } token, Name: null, Password: null })
            return Answer(await externals.Enter(token, from, cancellation), request.HttpContext);
        if (body is not { Name: { } name, Password: { } password, ExternalToken: null })
            return Problems.MissingField("name");
        return Answer(await passwords.Enter(name, password, from, cancellation), request.HttpContext);
    }

    private static IResult LoginByCertificate(HttpContext http, CertificateLogin certificates) =>
        http.Connection.ClientCertificate is { } shown
            ? Answer(certificates.Enter(shown, http.Connection.RemoteIpAddress), http)
            : AccessProblems.CertificateMissing(http.Request.IsHttps);

    private static async Task<IResult> Enrol(
        HttpRequest request, EnrolmentLogin enrolments, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<EnrolRequest>(request, cancellation);
        if (body is null) return refusal!;
        var from = request.HttpContext.Connection.RemoteIpAddress;
        return Answer(
            await enrolments.Enter(body.EnrolmentToken, body.Password, from, cancellation), request.HttpContext);
    }

    /// <summary>How a login ended, as REST says it.</summary>
    public static IResult Answer(LoginAnswer answer, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return answer.Token is { } token ? TypedResults.Ok(Describe(token)) : Refuse(answer);
    }

    /// <summary>Why there was no login.</summary>
    public static Refusal Refuse(LoginAnswer answer) => answer.Refusal switch
    {
        LoginRefusal.Later => AccessProblems.TooManyLogins(answer.Detail, answer.Wait),
        LoginRefusal.BadPassword => Problems.InvalidParameter("password", answer.Detail),
        LoginRefusal.BadRequest => Problems.InvalidParameter("signingRequest", answer.Detail),
        LoginRefusal.Used or LoginRefusal.Expired => AccessProblems.EnrolmentOver(answer.Detail),
        LoginRefusal.UnknownCertificate or LoginRefusal.CertificateExpired or LoginRefusal.CertificateNotYetValid
            or LoginRefusal.IdentityDisabled => AccessProblems.CertificateRefused(answer.Refusal.Value, answer.Detail),
        LoginRefusal.NotNow => Problems.Unavailable(answer.Detail),
        _ => AccessProblems.LoginWrong(),
    };

    /// <summary>A token as REST shows it, once.</summary>
    public static TokenResource Describe(IssuedToken issued) => new(
        issued.Text, issued.Token.Id, issued.Token.Identity, issued.Token.Roles, issued.Token.ExpiresAt);
}
