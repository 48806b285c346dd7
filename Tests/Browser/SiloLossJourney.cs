using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: who watches the fleet goes on watching when the silo that shows it is killed.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SiloLossJourney(Chromium chromium)
{
    [Fact(Timeout = 180_000)]
    public async Task Page_of_a_killed_silo_goes_on_at_another_one_and_shows_who_is_gone()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2);
        await set.StartAgent(1, 2);
        await set.UntilNode(1, 1, n => n.State == "running");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(set.Address(1), "/fleet").ToString());
        await page.GetByLabel("Token").FillAsync(set.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitUntilLive();
        await Expect(page.Locator(".processes tbody tr")).ToHaveCountAsync(3);

        await set.Kill("silo-1");
        await Expect(page).ToHaveURLAsync(new Uri(set.Address(2), "/fleet").ToString(), new() { Timeout = 30_000 });
        await page.WaitUntilLive();
        var gone = page.GetByRole(AriaRole.Row, new() { Name = "silo-1" });
        await Expect(gone).ToContainTextAsync("unhealthy", new() { Timeout = 10_000 });
        await page.Picture("silo-lost");
    }
}
