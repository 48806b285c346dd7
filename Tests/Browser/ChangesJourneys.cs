using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: who changed what is seen as it happens, and followed back to the beginning.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class ChangesJourneys(Chromium chromium, OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    private readonly SiloAdmin _silo = new(fleet);

    [Fact(Timeout = 120_000)]
    public async Task A_change_shows_at_once_with_its_differences_and_a_pause_holds_the_page()
    {
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/changes");
        var newest = page.GetByRole(AriaRole.Listitem).First;
        await _silo.Create("nodes", """{"id":"watched","spec":{"attributes":["ssd"]} }""");
        await Expect(newest).ToContainTextAsync("watched");
        await Expect(newest.Locator(".badge")).ToHaveTextAsync("created");
        await _silo.Patch("nodes", "watched", """{"spec":{"attributes":["ssd","big"]} }""");
        await Expect(newest.Locator(".badge")).ToHaveTextAsync("changed");
        await newest.GetByRole(AriaRole.Button, new() { Name = "What index" }).ClickAsync();
        await Expect(newest.GetByRole(AriaRole.Row, new() { Name = "spec.attributes" })).ToContainTextAsync("big");
        await page.Picture("changes");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await _silo.Patch("nodes", "watched", """{"spec":{"isDrained":true} }""");
        await Expect(page.GetByText("Paused; 1 newer")).ToBeVisibleAsync();
        await Expect(newest).ToContainTextAsync("big");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(newest).Not.ToContainTextAsync("big");
        await newest.GetByRole(AriaRole.Button, new() { Name = "What index" }).ClickAsync();
        await Expect(newest).ToContainTextAsync("spec.isDrained");

        var answer = await _silo.Model.Send(HttpMethod.Delete, "model/nodes/watched", ifMatch: "*");
        Assert.Null(answer.Problem);
        await Expect(newest.Locator(".badge")).ToHaveTextAsync("deleted");
        await newest.GetByRole(AriaRole.Link, new() { Name = "watched" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "History of watched" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);
        await Expect(page.GetByRole(AriaRole.Listitem).Last).ToContainTextAsync("created");
    }

    [Fact(Timeout = 120_000)]
    public async Task Changes_are_filtered_and_older_ones_are_loaded_down_to_the_first()
    {
        await _silo.MakePerson("elsa", "viewer");
        for (var number = 0; number < 60; number++)
            await _silo.Create("nodes", $$"""{"id":"older-{{number:00}}","spec":{"attributes":[]} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/changes");
        var rows = page.GetByRole(AriaRole.Listitem);
        await Expect(rows).ToHaveCountAsync(50);
        await Expect(rows.First).ToContainTextAsync("older-59");
        while (await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).IsVisibleAsync())
        {
            var before = await rows.CountAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
            await Expect(rows).Not.ToHaveCountAsync(before);
        }
        await Expect(rows.Last).ToContainTextAsync("index 1");
        await Expect(page.GetByText("back to the oldest that is kept")).ToBeVisibleAsync();

        await page.GetByLabel("Kind").SelectOptionAsync("identity");
        await Expect(rows.First).ToContainTextAsync("elsa");
        await Expect(page.GetByText("older-59")).ToHaveCountAsync(0);
        await page.GetByLabel("Kind").SelectOptionAsync("authenticator");
        await page.GetByLabel("Made by").FillAsync("login:elsa");
        await page.GetByLabel("Made by").PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.First.GetByRole(AriaRole.Button, new() { Name = "What index" }).ClickAsync();
        await page.Picture("changes-filtered");
        Assert.DoesNotContain("pbkdf2", await page.ContentAsync(), StringComparison.Ordinal);
    }
}
