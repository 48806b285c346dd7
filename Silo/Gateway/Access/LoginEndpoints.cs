using Aedile.Client.Identity;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Gateway.Access;

/// <summary>REST of logins: the only calls that need no token.</summary>
internal static class LoginEndpoints
{
    public static void MapLogins(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/login", Login).WithName("Login").AllowAnonymous();
        routes.MapPost("/v1/enrol", Enrol).WithName("Enrol").AllowAnonymous();
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

    private static async Task<IResult> Enrol(
        HttpRequest request, EnrolmentLogin enrolments, CancellationToken cancellation)
    {
        var (body, refusal) = await RequestBody.Read<EnrolRequest>(request, cancellation);
        if (body is null) return refusal!;
        var from = request.HttpContext.Connection.RemoteIpAddress;
        return Answer(
            await enrolments.Enter(body.EnrolmentToken, body.Password, from, cancellation), request.HttpContext);
    }

    private static IResult Answer(LoginAnswer answer, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return answer switch
        {
            { Token: { } token } => TypedResults.Ok(Describe(token)),
            { Refusal: LoginRefusal.Later } => AccessProblems.TooManyLogins(answer.Detail, answer.Wait),
            { Refusal: LoginRefusal.BadPassword } => Problems.InvalidParameter("password", answer.Detail),
            { Refusal: LoginRefusal.Used or LoginRefusal.Expired } => AccessProblems.EnrolmentOver(answer.Detail),
            { Refusal: LoginRefusal.NotNow } => Problems.Unavailable(answer.Detail),
            _ => AccessProblems.LoginWrong(),
        };
    }

    /// <summary>A token as REST shows it, once.</summary>
    public static TokenResource Describe(IssuedToken issued) => new(
        issued.Text, issued.Token.Id, issued.Token.Identity, issued.Token.Roles, issued.Token.ExpiresAt);
}
