using System.Net;
using System.Net.Http.Headers;
using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>
/// Goal: an administrator lets people and programs in and shuts them out without a command line, and everybody looks
/// after his own tokens.
/// </summary>
[Collection(BrowserCollection.Name)]
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class IdentityJourneys(Chromium chromium, OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    private readonly SiloAdmin _silo = new(fleet);

    [Fact(Timeout = 150_000)]
    public async Task A_new_person_sets_a_password_by_the_code_that_was_shown_once_and_is_shut_out_later()
    {
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/identities");
        await page.GetByRole(AriaRole.Link, new() { Name = "New identity" }).ClickAsync();
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync("Frida");
        await page.GetByLabel("Roles").FillAsync("operator");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("An id has");
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync("frida");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make" }).ClickAsync();
        await Expect(page.GetByText("frida is made.")).ToBeVisibleAsync();
        await page.Picture("code");
        var code = await page.GetByLabel("One-time code").InputValueAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To frida" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "One-time code" })).ToContainTextAsync("not used yet");
        Assert.DoesNotContain(code, await page.ContentAsync(), StringComparison.Ordinal);

        await using var hers = await chromium.Open();
        var own = await hers.NewPageAsync();
        await own.GotoAsync(new Uri(fleet.Address, "/enrol").ToString());
        await SiloAdmin.Enrol(own, code);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Password" })).ToContainTextAsync("set");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "One-time code" })).ToContainTextAsync("used");

        await page.Picture("identity");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(page.GetByText("It is disabled")).ToBeVisibleAsync();
        await Expect(own.GetByLabel("Password")).ToBeVisibleAsync(new() { Timeout = 4_000 });
        await SiloAdmin.SignIn(own, "frida");
        await Expect(own.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enable" }).ClickAsync();
        await Expect(page.GetByText("It is enabled")).ToBeVisibleAsync();
        await SiloAdmin.SignIn(own, "frida");
        await own.WaitUntilLive();
    }

    [Fact(Timeout = 150_000)]
    public async Task A_token_is_shown_once_works_as_far_as_its_roles_go_and_is_taken_back_by_its_id()
    {
        await _silo.Create("identities",
            """{"id":"builder","spec":{"type":"program","roles":["operator","viewer"],"attributes":[]} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/identities/builder");
        await page.GetByLabel("operator").UncheckAsync();
        await page.GetByLabel("Hours that it lives").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue a token" }).ClickAsync();
        var token = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
        await page.Picture("token");
        await Expect(page.GetByText("with the roles viewer")).ToBeVisibleAsync();
        var id = await page.Locator(".once .mono").Last.InnerTextAsync();
        Assert.Equal(HttpStatusCode.OK, await Ask(token, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(token, HttpMethod.Post));
        await page.ReloadAsync();
        await page.WaitUntilLive();
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(fleet.Address, "/identities").ToString());
        await page.WaitUntilLive();
        await page.Picture("identities");
        await page.GetByLabel("Id of the token").FillAsync("no id");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is no token id");
        await page.GetByLabel("Id of the token").FillAsync(id);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(page.GetByText("The token is taken back.")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(token, HttpMethod.Get));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_lock_out_is_shown_and_ended_and_a_password_is_set()
    {
        await _silo.MakePerson("gerda", "viewer");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/identities/gerda");
        await using var hers = await chromium.Open();
        var own = await hers.NewPageAsync();
        await own.GotoAsync(fleet.Address.ToString());
        await SiloAdmin.LockOut(own, "gerda");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Password" })).ToContainTextAsync("locked out until");
        await page.Picture("locked");
        await page.GetByRole(AriaRole.Button, new() { Name = "End the lock-out" }).ClickAsync();
        await Expect(page.GetByText("The lock-out is over.")).ToBeVisibleAsync();
        await page.GetByLabel("New password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("at least 12 characters");
        await page.GetByLabel("New password").FillAsync("another long password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await Expect(page.GetByText("The password is set.")).ToBeVisibleAsync();
        await SiloAdmin.SignIn(own, "gerda", "another long password");
        await own.WaitUntilLive();
    }

    [Fact(Timeout = 150_000)]
    public async Task A_viewer_looks_after_his_own_tokens_and_is_offered_nothing_about_others()
    {
        await _silo.MakePerson("hanna", "viewer");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(fleet.Address, "/identities/admin").ToString());
        await SiloAdmin.SignIn(page, "hanna");
        await page.WaitUntilLive();
        foreach (var act in (string[])["Issue a token", "Set password", "Disable", "Make a one-time code"])
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = act })).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(fleet.Address, "/new-identity").ToString());
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("identities:write");

        await page.GetByTitle("Me and my tokens").ClickAsync();
        await Expect(page.GetByText("Your session")).ToBeVisibleAsync();
        await page.GetByLabel("Current password").FillAsync("not his password");
        await page.GetByLabel("New password").FillAsync("his next long password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change my password" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await page.GetByLabel("Current password").FillAsync(SiloAdmin.Password);
        await page.GetByLabel("New password").FillAsync("his next long password");
        await page.Picture("own-password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change my password" }).ClickAsync();
        await Expect(page.GetByText("Your password is changed.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue a token" }).ClickAsync();
        var token = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
        Assert.Equal(HttpStatusCode.OK, await Ask(token, HttpMethod.Get));
        await page.GetByRole(AriaRole.Button, new() { Name = "Take all its tokens back" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, take them back" }).ClickAsync();
        await Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 4_000 });
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(token, HttpMethod.Get));
    }

    private async Task<HttpStatusCode> Ask(string token, HttpMethod method)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(fleet.Address, "/v1/model/nodes"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method == HttpMethod.Post) request.Content = new StringContent("{}");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
