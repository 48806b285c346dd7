using Aedile.Tests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>What every journey does: open a page, sign in, wait until it is live.</summary>
internal static class Journey
{
    /// <summary>Opens the sign-in page and gives a token.</summary>
    public static async Task SignIn(this IPage page, DashboardHost host, string token = DashboardHost.Token)
    {
        await page.GotoAsync(new Uri(host.Address, "/").ToString());
        await page.GetByLabel("Token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Waits for the first live tick: before it, a click meets a page that nobody listens to.</summary>
    public static Task WaitUntilLive(this IPage page) =>
        Expect(page.Locator("[data-live]").First).ToBeVisibleAsync();

    /// <summary>A browser page, signed in and live.</summary>
    public static async Task<IPage> OpenSignedIn(this IBrowserContext context, DashboardHost host)
    {
        var page = await context.NewPageAsync();
        await page.SignIn(host);
        await page.WaitUntilLive();
        return page;
    }

    /// <summary>Keeps a picture for people when <c>AEDILE_SCREENSHOTS</c> names a folder.</summary>
    public static async Task Picture(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("AEDILE_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }
}
