using Aedile.Client.Fleet;
using Aedile.Dashboard.Fleet;
using Aedile.Tests.Dashboard;
using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: where each agent's session stands is seen at a glance, live, for thousands of them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AgentSessionJourneys(Chromium chromium)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = 120_000)]
    public async Task An_agent_that_hangs_and_comes_back_shows_with_its_epoch_and_run()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1);
        await set.StartAgent(1, 1);
        await set.UntilNode(1, 1, n => n.State == "running");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(set.Address(1), "/sessions").ToString());
        await page.GetByLabel("Token").FillAsync(set.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitUntilLive();
        var row = page.Locator(".sessions tbody tr").First;
        await Expect(row).ToContainTextAsync("running");
        await Expect(row).ToContainTextAsync("silo-1");
        await page.Picture("sessions");
        await set.Kill("storage-1");
        await Expect(row).ToContainTextAsync("unknown", new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Thousands_of_sessions_are_paged_searched_and_sorted_by_what_is_wrong()
    {
        var fleet = new MemoryFleet
        {
            Sessions =
            [
                Session(7, "unknown"), Session(8, "moving"),
                .. Enumerable.Range(10, 2_000).Select(n => Session(n, "running")),
            ],
        };
        await using var host = await DashboardHost.Start(fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);
        await page.GotoAsync(new Uri(host.Address, "/sessions").ToString());
        await page.WaitUntilLive();
        var rows = page.Locator(".sessions tbody tr");
        await Expect(rows).ToHaveCountAsync(50);
        await Expect(rows.First).ToContainTextAsync("unknown");
        await Expect(page.Locator(".card").First).ToContainTextAsync("2,000 of 2,002");
        await page.Picture("sessions-many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(page.GetByText("51 to 100")).ToBeVisibleAsync();
        await page.GetByLabel("Search by node or silo").FillAsync("node-1999");
        await Expect(rows).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Moving" }).ClickAsync();
        await Expect(rows).ToContainTextAsync(["No node fits."]);
        Assert.Empty(host.Errors);
    }

    private static SessionView Session(int number, string state) => new(
        new NodeResource(
            Sample.Node(number), state is not "unknown", state, "silo-1", number, ["storage"], 4_000 + number,
            new Uri($"http://127.0.0.1:{20_000 + number}"), "0.3.0", Start, null),
        new Guid(number, 0, 0, new byte[8]));
}
