using Aedile.Tests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: while nothing can be written, everything can be read, and nobody believes that he saved.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ModelAwayJourney(Chromium chromium)
{
    [Fact]
    public async Task Pages_read_on_and_say_that_nothing_can_be_written()
    {
        await using var host = await DashboardHost.Start(new MemoryFleet());
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);
        foreach (var path in (string[])["/model", "/model/nodes", "/model/nodes/n1", "/model/nodes/n1/edit"])
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await page.WaitUntilLive();
            await Expect(page.GetByText("Nothing can be written now")).ToBeVisibleAsync();
        }
        await page.GetByLabel("Attributes").FillAsync("ssd\nbig");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was changed");
        await Expect(page.GetByLabel("Attributes")).ToHaveValueAsync("ssd\nbig");
        await page.Picture("writes-unavailable");
        foreach (var path in (string[])["/model/nodes/n1/history", "/changes"])
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await Expect(page.GetByText("The silo doesn't answer yet")).ToBeVisibleAsync();
        }
        Assert.Empty(host.Errors);
    }
}
