using System.Net;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Dashboard;

/// <summary>Goal: at the level of HTTP, without a browser's good manners, the dashboard gives nothing away.</summary>
public sealed partial class SignInTests
{
    private readonly MemoryFleet _fleet = new() { Repositories = [Sample.Repository(1)] };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/fleet")]
    [InlineData("/repositories")]
    [InlineData("/repositories/00000001000000000000000000000000")]
    public async Task Page_without_a_session_leads_to_sign_in(string path)
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var answer = await client.Get(path);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(path)}", answer.Headers.Location!.PathAndQuery);
        Assert.DoesNotContain("project", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/initializers")]
    [InlineData("/_blazor/disconnect")]
    public async Task Circuit_without_a_session_is_refused(string path)
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var method = path.EndsWith("initializers", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Send(method, path)).StatusCode);
    }

    [Fact]
    public async Task Session_lets_in_and_sign_out_ends_it_even_for_a_copy_of_the_cookie()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        Assert.Equal("/", (await client.SignIn(DashboardHost.Token)).Headers.Location!.OriginalString);
        var overview = await (await client.Get("/")).Content.ReadAsStringAsync(Ct);
        Assert.Contains("team/project-0001", overview, StringComparison.Ordinal);
        using var thief = client.Copy();

        Assert.Equal(HttpStatusCode.NoContent, (await thief.Get("/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await client.Post("/sign-out", overview)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.Get("/session")).StatusCode);
    }

    [Fact]
    public async Task Signed_in_user_can_sign_in_again()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        await client.SignIn(DashboardHost.Token);
        Assert.Equal("/", (await client.SignIn(DashboardHost.Token)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NoContent, (await client.Get("/session")).StatusCode);
    }

    [Fact]
    public async Task Cookie_is_hidden_from_scripts_and_from_other_sites()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var cookie = (await client.SignIn(DashboardHost.Token)).Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("aedile=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(DashboardHost.Token, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawn_token_ends_the_session()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        await client.SignIn(DashboardHost.Token);
        host.Tokens.Withdraw();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/session")).StatusCode);
    }

    [Fact]
    public async Task Form_without_its_token_is_refused()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var answer = await client.Post("/sign-in", page: "", ("Token", DashboardHost.Token));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/session")).StatusCode);
    }

    [Fact]
    public async Task Sixth_attempt_within_a_minute_is_refused_even_with_the_right_token()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Contains("failed=wrong", (await client.SignIn("guess")).Headers.Location!.OriginalString,
                StringComparison.Ordinal);
        }
        Assert.Contains("failed=throttled", (await client.SignIn(DashboardHost.Token)).Headers.Location!.OriginalString,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_and_password_let_in_and_sign_out_ends_the_session_in_the_whole_fleet()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var form = await (await client.Get("/sign-in")).Content.ReadAsStringAsync(Ct);
        var wrong = await client.Post("/sign-in", form, ("Name", OneToken.Name), ("Password", "no"));
        Assert.Contains("failed=wrong", wrong.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var locked = await client.Post("/sign-in", form, ("Name", "locked"), ("Password", "no"));
        Assert.Contains("failed=throttled&wait=42", locked.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("Wait 42 s", await (await client.Get(locked.Headers.Location.OriginalString)).Content
            .ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var right = await client.Post(
            "/sign-in", form, ("Name", OneToken.Name), ("Password", OneToken.Password), ("ReturnUrl", "/fleet"));
        Assert.Equal("/fleet", right.Headers.Location!.OriginalString);
        var page = await (await client.Get("/fleet")).Content.ReadAsStringAsync(Ct);
        await client.Post("/sign-out", page);
        Assert.Equal(["stamp-2"], host.Tokens.Ended);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/session")).StatusCode);
    }

    [Theory]
    [InlineData("aen_other.code", "a long password", "a long password", "over")]
    [InlineData(OneToken.Code, "a long password", "another password", "password")]
    [InlineData(OneToken.Code, "a long password", "a long password", null)]
    public async Task One_time_code_sets_a_password_that_was_typed_twice_the_same(
        string code, string password, string repeated, string? failed)
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var form = await (await client.Get("/enrol")).Content.ReadAsStringAsync(Ct);
        var answer = await client.Post(
            "/enrol", form, ("Token", code), ("Password", password), ("Repeated", repeated));
        Assert.Equal(
            failed is null ? "/" : $"/enrol?&failed={failed}&wait=0", answer.Headers.Location!.OriginalString);
        Assert.Equal(
            failed is null ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized,
            (await client.Get("/session")).StatusCode);
    }

    [Fact]
    public async Task Page_that_the_roles_do_not_permit_is_neither_offered_nor_shown()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        await client.SignIn(DashboardHost.Token);
        host.Tokens.Forbidden = ["repositories"];
        var fleet = await (await client.Get("/fleet")).Content.ReadAsStringAsync(Ct);
        Assert.DoesNotContain("href=\"/repositories\"", fleet, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/repositories", $"/repositories/{_fleet.Repositories[0].Id}"])
        {
            var page = await (await client.Get(path)).Content.ReadAsStringAsync(Ct);
            Assert.Contains("You may not see this page", page, StringComparison.Ordinal);
            Assert.DoesNotContain("project-0001", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Request_that_another_origin_made_is_refused(string origin)
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        await client.SignIn(DashboardHost.Token);
        var negotiate = "/_blazor/negotiate?negotiateVersion=1";
        var own = host.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, (await client.Send(HttpMethod.Post, negotiate, own)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Send(HttpMethod.Post, negotiate, origin)).StatusCode);
    }

    [Fact]
    public async Task Pages_carry_the_security_headers_and_other_endpoints_are_left_alone()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var page = await client.Get("/sign-in");
        var policy = page.Headers.GetValues("Content-Security-Policy").First();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());

        var ping = await client.Get("/v1/ping");
        Assert.Equal("pong", await ping.Content.ReadAsStringAsync(Ct));
        Assert.False(ping.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Assets_need_no_session_are_compressed_and_kept_by_the_browser()
    {
        await using var host = await DashboardHost.Start(_fleet);
        using var client = new Visitor(host);
        var html = await (await client.Get("/sign-in")).Content.ReadAsStringAsync(Ct);
        foreach (Match link in AssetLink().Matches(html))
        {
            var asset = await client.Get(link.Groups[1].Value);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Contains("br", asset.Content.Headers.ContentEncoding);
        }
        Assert.True(AssetLink().Count(html) >= 6, html);
    }

    [GeneratedRegex("(?:href|src)=\"(/_[^\"]+\\?v=[0-9a-f]+)\"")]
    private static partial Regex AssetLink();
}
