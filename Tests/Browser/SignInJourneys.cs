using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>
/// Goal: people sign in to a real silo with what REST takes too, see what their roles permit, and are out within two
/// seconds once that is taken back.
/// </summary>
[Collection(BrowserCollection.Name)]
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class SignInJourneys(Chromium chromium, OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    // Replica, a look a second, and the way to the sign-in page on a busy machine; the rule is 2 s to the refusal.
    private static readonly LocatorAssertionsToBeVisibleOptions Promptly = new() { Timeout = 4_000 };

    private readonly SiloAdmin _silo = new(fleet);

    [Fact(Timeout = 120_000)]
    public async Task A_person_signs_in_by_password_and_sign_out_takes_the_session_back_everywhere()
    {
        await _silo.MakePerson("berta", "viewer");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(fleet.Address.ToString());
        await SiloAdmin.SignIn(page, "berta", "not her password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid");
        await page.Picture("sign-in-password");
        await SiloAdmin.SignIn(page, "berta");
        await page.WaitUntilLive();
        await Expect(page.GetByTitle("Sign out berta")).ToBeVisibleAsync();

        var before = (int)(await _silo.Get("revocations"))!["items"]!.AsArray().Count;
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
        Assert.Equal(before + 1, (int)(await _silo.Get("revocations"))!["items"]!.AsArray().Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task Wrong_passwords_lock_out_as_they_do_for_programs()
    {
        await _silo.MakePerson("carla", "viewer");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(fleet.Address.ToString());
        await SiloAdmin.LockOut(page, "carla");
        await SiloAdmin.SignIn(page, "carla");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Too many attempts. Wait");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("token")]
    [InlineData("identity")]
    [InlineData("disabled")]
    public async Task What_is_taken_back_signs_out_an_open_page(string what)
    {
        var id = $"leaver-{what}";
        await _silo.Create("identities",
            $$$"""{"id":"{{{id}}}","spec":{"type":"program","roles":["viewer"],"attributes":[]} }""");
        var token = await Eventually.Value("a token is issued", TimeSpan.FromSeconds(20), async () =>
            await _silo.Issue(id) is { Token: not null } issued ? issued : null);
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/fleet", token.Token);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "storage-1" })).ToBeVisibleAsync();

        if (what == "token") await _silo.Delete($"tokens/{token.Id}");
        else if (what == "identity") await _silo.Delete($"identities/{id}/tokens");
        else await _silo.Patch("identities", id, """{"spec":{"disabled":true} }""");
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync(Promptly);
        Assert.DoesNotContain("storage-1", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_role_that_is_taken_away_closes_what_it_had_opened()
    {
        await _silo.Create("roles", """{"id":"fleet-watcher","spec":{"permissions":["nodes:read"]} }""");
        await _silo.MakePerson("dora", "fleet-watcher");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(fleet.Address, "/fleet").ToString());
        await SiloAdmin.SignIn(page, "dora");
        await page.WaitUntilLive();
        await Expect(page.GetByRole(AriaRole.Navigation).GetByText("Repositories")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(fleet.Address, "/repositories").ToString());
        await Expect(page.GetByText("You may not see this page")).ToBeVisibleAsync();
        await Expect(page.GetByText("repositories:read")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(fleet.Address, "/fleet").ToString());
        await page.WaitUntilLive();
        await _silo.Patch("identities", "dora", """{"spec":{"roles":[]} }""");
        await Expect(page.GetByText("You may not see this page")).ToBeVisibleAsync(Promptly);
        await Expect(page.GetByText("storage-1")).ToHaveCountAsync(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_first_administrator_sets_a_password_with_the_one_time_code()
    {
        var file = Path.Combine(fleet.Data, "admin.enrolment");
        await Eventually.True("the code is there", TimeSpan.FromSeconds(20), () => Task.FromResult(File.Exists(file)));
        var code = (await File.ReadAllTextAsync(file)).Trim();
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(fleet.Address.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "I have a one-time code" }).ClickAsync();
        await SiloAdmin.Enrol(page, code);
        await Expect(page.GetByTitle("Sign out admin")).ToBeVisibleAsync();
        using var again = await fleet.Api.Http.PostAsync(
            "/v1/login", System.Net.Http.Json.JsonContent.Create(
                new LoginRequest("admin", SiloAdmin.Password), options: Wire.Json));
        Assert.True(again.IsSuccessStatusCode);
    }
}
