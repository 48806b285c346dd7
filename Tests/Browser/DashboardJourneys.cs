using Aedile.Dashboard.Fleet;
using Aedile.Tests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: what an operator does on the first page works in a real browser, live and without reloading.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DashboardJourneys(Chromium chromium)
{
    private readonly MemoryFleet _fleet = new()
    {
        Processes = [Sample.Silo(), Sample.Agent(1), Sample.Agent(2), Sample.Agent(3)],
        Repositories = [.. Enumerable.Range(1, 5).Select(n => Sample.Repository(n))],
    };

    [Fact]
    public async Task Wrong_token_is_refused_and_the_right_one_opens_the_overview()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();

        await page.SignIn(host, "wrong");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid");
        await page.Picture("sign-in");
        await page.SignIn(host);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        await page.WaitUntilLive();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "default/team/project-0003" })).ToBeVisibleAsync();
        await page.Picture("overview");
    }

    [Fact]
    public async Task Unhealthy_node_shows_without_reloading()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);

        _fleet.Processes =
            [Sample.Silo(), Sample.Agent(1), Sample.Agent(2, ProcessHealth.Unhealthy, "3 beats missed"), Sample.Agent(3)];

        await Expect(page.Locator(".processes tbody tr").First).ToContainTextAsync("node-2");
        await Expect(page.Locator(".processes tbody tr").First).ToContainTextAsync("unhealthy");
        await Expect(page.Locator(".card").First).ToContainTextAsync("3 of 4");
        await page.Picture("unhealthy");
    }
}
