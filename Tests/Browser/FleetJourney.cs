using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: the page of a real silo shows what real processes and pushes do, without reloading.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FleetJourney(Chromium chromium, ThreeAgentFleet fleet) : IClassFixture<ThreeAgentFleet>
{
    private static readonly LocatorAssertionsToContainTextOptions Patient = new() { Timeout = 20_000 };

    [Fact(Timeout = 180_000)]
    public async Task A_push_and_a_hanging_agent_show_on_the_page_of_a_real_fleet()
    {
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(fleet.Address.ToString());
        await page.GetByLabel("Token").FillAsync(fleet.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitUntilLive();
        await Expect(page.Locator(".processes tbody tr")).ToHaveCountAsync(4);

        var (_, work) = await fleet.NewRepository("browser/real");
        using var _ = work;
        var row = page.GetByRole(AriaRole.Row, new() { Name = "browser/real" });
        await Expect(row).ToContainTextAsync("storage-1 · 1", Patient);
        await work.Commit("second");
        await work.Ok("push", "-q", "origin", "main");
        await Expect(row).ToContainTextAsync("storage-1 · 2", Patient);
        await Expect(row).ToContainTextAsync("in sync", Patient);

        await fleet.Signal("storage-2", "STOP");
        try
        {
            await Expect(row).ToContainTextAsync("1 of 3 unreachable", Patient);
            await Expect(page.Locator(".card").First).ToContainTextAsync("3 of 4", Patient);
            await page.Picture("real-fleet");
        }
        finally { await fleet.Signal("storage-2", "CONT"); }
        await Expect(row).ToContainTextAsync("in sync", Patient);
        await Expect(page.Locator(".card").First).ToContainTextAsync("4 of 4", Patient);
    }
}
