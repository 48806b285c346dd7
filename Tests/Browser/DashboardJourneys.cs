using Aedile.Dashboard.Fleet;
using Aedile.Tests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>
/// Goal: what an operator does on the first page works in a real browser, live and without reloading.
/// </summary>
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

        var sick = Sample.Agent(2, ProcessHealth.Unhealthy, "3 beats missed");
        _fleet.Processes = [Sample.Silo(), Sample.Agent(1), sick, Sample.Agent(3)];

        await Expect(page.Locator(".processes tbody tr").First).ToContainTextAsync("node-2");
        await Expect(page.Locator(".processes tbody tr").First).ToContainTextAsync("unhealthy");
        await Expect(page.Locator(".card").First).ToContainTextAsync("3 of 4");
        await page.Picture("unhealthy");
    }

    [Fact]
    public async Task Thousand_repositories_are_searched_and_scrolled_with_only_the_rows_in_sight_in_the_page()
    {
        _fleet.Repositories = [.. Enumerable.Range(1, 1_000).Select(n => Sample.Repository(n))];
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);
        await page.GetByRole(AriaRole.Navigation).GetByText("Repositories").ClickAsync();
        await Expect(page.GetByText("1,000 found")).ToBeVisibleAsync();
        var rows = page.Locator(".repositories tbody tr");
        await Expect(page.GetByText("team/project-0001")).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 10, 100);

        await page.Locator(".window").EvaluateAsync("window => window.scrollTop = 1e6");
        await Expect(page.GetByText("team/project-1000")).ToBeVisibleAsync();
        _fleet.Repositories = _fleet.Repositories.SetItem(999, Sample.Repository(1_000, generation: 4_321));
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "team/project-1000" })).ToContainTextAsync("4321");
        await page.Picture("thousand");

        await page.GetByLabel("Search by path").FillAsync("PROJECT-055");
        await Expect(page.GetByText("10 found")).ToBeVisibleAsync();
        await Expect(page.GetByText("team/project-0557")).ToBeVisibleAsync();
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Repair_of_a_replica_is_followed_on_the_page_of_its_repository()
    {
        var repository = _fleet.Repositories[0] with
        {
            Replicas =
            [
                Sample.Replica(1, 7), Sample.Replica(2, 4, upToDate: false, repair: "waiting"),
                Sample.Replica(3, 7, healthy: false),
            ],
        };
        _fleet.Repositories = _fleet.Repositories.SetItem(0, repository);
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);
        await page.Picture("repairing");
        await page.GetByRole(AriaRole.Link, new() { Name = "default/team/project-0001" }).ClickAsync();
        var replica = page.Locator(".replicas tbody tr", new() { HasText = "node-2" });
        await Expect(replica).ToContainTextAsync("waiting for repair, 3 behind");
        await page.Picture("repository");

        _fleet.Repositories = _fleet.Repositories.SetItem(0, repository with
        {
            Replicas = repository.Replicas.SetItem(1, Sample.Replica(2, null, upToDate: false, repair: "joining")),
        });
        await Expect(replica).ToContainTextAsync("joining, content unknown");
        _fleet.Repositories = _fleet.Repositories.SetItem(0, Sample.Repository(1));
        await Expect(replica).ToContainTextAsync("up to date");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "in sync" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Old_data_is_shown_as_old_and_never_as_empty()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);

        _fleet.IsSilent = true;
        await Expect(page.GetByText("Old data").First).ToBeVisibleAsync();
        await Expect(page.GetByText("team/project-0003")).ToBeVisibleAsync();
        await Expect(page.Locator(".processes tbody tr")).ToHaveCountAsync(4);
        await page.Picture("old");
        _fleet.IsSilent = false;
        await Expect(page.GetByText("Old data")).ToHaveCountAsync(0);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Chosen_theme_stays_after_a_reload_and_starts_as_the_browser_asks()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open(scheme: ColorScheme.Dark);
        var page = await context.OpenSignedIn(host);
        var background = "getComputedStyle(document.body).backgroundColor";
        var dark = await page.EvaluateAsync<string>(background);
        await page.Picture("dark");

        await page.GetByLabel("Change between light and dark").ClickAsync();
        var light = await page.EvaluateAsync<string>(background);
        Assert.NotEqual(dark, light);
        await page.ReloadAsync();
        await page.WaitUntilLive();
        Assert.Equal(light, await page.EvaluateAsync<string>(background));
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task Fleet_without_repositories_shows_how_to_push_the_first()
    {
        _fleet.Repositories = [];
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);

        await Expect(page.Locator(".empty pre")).ToContainTextAsync($"{host.Address}v1/repositories --json");
        await Expect(page.Locator(".empty pre"))
            .ToContainTextAsync($"push http://any:$(cat data/admin.token)@{host.Address.Authority}/git/default/");
        await page.Picture("empty");
        _fleet.Repositories = [Sample.Repository(1)];
        await Expect(page.GetByText("team/project-0001")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keyboard_alone_reaches_everything()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);
        await page.ReloadAsync();
        await page.WaitUntilLive();
        await page.GetByRole(AriaRole.Link, new() { Name = "Aedile" }).FocusAsync();
        var reached = new List<string>();
        for (var step = 0; step < 17; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"
                + " ?? document.activeElement.getAttribute('href') ?? document.activeElement.tagName"));
        }
        Assert.Equal(
            [
                "Change between light and dark", "/identities/admin", "Sign out", "/", "/fleet", "/sessions",
                "/repositories", "/model", "/changes", "/identities", "/fleet", "/repositories",
                "/repositories?show=repairing", "/repositories?show=read-only", "Search by path", "Show",
            ],
            reached.Take(16));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "project-0001" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Narrow_screen_shows_all_that_matters_without_scrolling_sideways()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open(width: 390, height: 844);
        var page = await context.OpenSignedIn(host);

        await Expect(page.GetByText("team/project-0003")).ToBeVisibleAsync();
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Picture("narrow");
        await page.GetByText("team/project-0003").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "project-0003" })).ToBeVisibleAsync();
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Picture("narrow-repository");
    }
}
