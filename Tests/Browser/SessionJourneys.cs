using System.Globalization;
using System.Text.RegularExpressions;
using Aedile.Tests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>Goal: nobody sees anything without a live session, and a session outlives a restart of the silo.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class SessionJourneys(Chromium chromium) : IDisposable
{
    private readonly string _keys = Directory.CreateTempSubdirectory("aedile-keys-").FullName;

    private readonly MemoryFleet _fleet = new()
    {
        Processes = [Sample.Silo(), Sample.Agent(1)],
        Repositories = [Sample.Repository(1)],
    };

    public void Dispose() => Directory.Delete(_keys, recursive: true);

    [Fact]
    public async Task Signed_out_user_sees_nothing_and_returns_to_where_he_wanted_to_go()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(host.Address, "/fleet").ToString());
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
        Assert.DoesNotContain("node-1", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByLabel("Token").FillAsync(DashboardHost.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(host.Address, "/fleet").ToString());
        await Expect(page.GetByText("node-1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Sign_out_in_one_tab_ends_the_other()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var first = await context.OpenSignedIn(host);
        var second = await context.NewPageAsync();
        await second.GotoAsync(host.Address.ToString());
        await second.WaitUntilLive();

        await first.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(first.GetByLabel("Token")).ToBeVisibleAsync();
        await Expect(second.GetByLabel("Token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Withdrawn_token_ends_an_open_page()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var page = await context.OpenSignedIn(host);

        host.Tokens.Withdraw();
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Open_page_says_that_the_silo_is_gone_and_is_live_again_after_its_restart()
    {
        await using var context = await chromium.Open();
        var host = await DashboardHost.Start(_fleet, keysFolder: _keys);
        var address = host.Address.ToString().TrimEnd('/');
        var page = await context.OpenSignedIn(host);
        await OpenRepository(page);

        await host.DisposeAsync();
        await Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await Expect(page.Locator(".replicas")).ToContainTextAsync("node-1");
        await page.Picture("gone");

        _fleet.Repositories = [Sample.Repository(1, generation: 99)];
        await using var again = await DashboardHost.Start(_fleet, address, _keys);
        await Expect(page.Locator(".facts")).ToContainTextAsync("99", new() { Timeout = 30_000 });
        await page.WaitUntilLive();
    }

    [Fact]
    public async Task Open_page_goes_to_another_silo_when_its_own_is_gone_and_the_user_stays_signed_in()
    {
        await using var other = await DashboardHost.Start(_fleet, keysFolder: _keys);
        await using var context = await chromium.Open();
        var own = await DashboardHost.Start(_fleet, keysFolder: _keys, others: [other.Address]);
        var page = await context.OpenSignedIn(own);
        await OpenRepository(page);
        var path = new Uri(page.Url).PathAndQuery;

        await own.DisposeAsync();
        await Expect(page).ToHaveURLAsync(new Uri(other.Address, path).ToString(), new() { Timeout = 30_000 });
        await page.WaitUntilLive();
        await Expect(page.Locator(".replicas")).ToContainTextAsync("node-1");
    }

    [Fact]
    public async Task Every_page_obeys_its_own_content_security_policy()
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open();
        var complaints = new List<string>();
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        var page = await context.OpenSignedIn(host);
        foreach (var path in (string[])["/fleet", "/repositories", $"/repositories/{_fleet.Repositories[0].Id}"])
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await page.WaitUntilLive();
        }
        Assert.Empty(complaints);
        Assert.Empty(host.Errors);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_word_has_enough_contrast(ColorScheme scheme)
    {
        await using var host = await DashboardHost.Start(_fleet);
        await using var context = await chromium.Open(scheme: scheme);
        var page = await context.OpenSignedIn(host);

        // WCAG 2.1, 1.4.3: luminance of text against the first opaque background behind it, at least 4.5 : 1.
        var worst = await page.EvaluateAsync<string[]>(ContrastScript);
        Assert.True(worst.Length > 20, "the script saw no text");
        foreach (var line in worst)
        {
            var ratio = double.Parse(Ratio().Match(line).Value, CultureInfo.InvariantCulture);
            Assert.True(ratio >= 4.5, line);
        }
    }

    // Live alone is no sign: the overview is, too, until the click has been heard.
    private static async Task OpenRepository(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "default/team/project-0001" }).ClickAsync();
        await Expect(page.Locator(".replicas")).ToContainTextAsync("node-1");
        await page.WaitUntilLive();
    }

    private const string ContrastScript = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = color => {
            canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const color = rgb(getComputedStyle(e).backgroundColor);
              if (color[3] === 255) return color;
            }
            return [255, 255, 255];
          };
          const texts = [...document.querySelectorAll('body *')].filter(e =>
            e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
          return texts.map(e => {
            const [a, b] = [luminance(rgb(getComputedStyle(e).color)), luminance(behind(e))];
            return `${((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toFixed(2)} ${e.className} ${e.textContent}`;
          });
        }
        """;

    [GeneratedRegex(@"^[\d.]+")]
    private static partial Regex Ratio();
}
