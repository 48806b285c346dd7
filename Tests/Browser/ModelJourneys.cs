using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>
/// Goal: an operator finds, reads, makes, changes and deletes definitions in the browser of a real silo, by the same
/// rules as programs, and sees what others do meanwhile.
/// </summary>
[Collection(BrowserCollection.Name)]
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class ModelJourneys(Chromium chromium, OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    private const string Storage = """{"replicationFactor":1,"nodes":["#all"]}""";

    private readonly SiloAdmin _silo = new(fleet);

    [Fact(Timeout = 120_000)]
    public async Task Kinds_lead_to_lists_that_are_filtered_and_to_entities_that_link_to_what_they_refer_to()
    {
        await _silo.Create("nodes", """{"id":"linked","spec":{"attributes":["ssd"]} }""");
        await _silo.Create("virtual-storages",
            """{"id":"links","tags":{"team":"infra"},"spec":{"replicationFactor":2,"nodes":["@linked","#ssd"]} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Virtual storages" })).ToBeVisibleAsync();
        await page.Picture("model");
        await page.GetByRole(AriaRole.Link, new() { Name = "Virtual storages", Exact = true }).ClickAsync();
        await page.WaitUntilLive();
        await page.GetByLabel("Filter").FillAsync("name contains \"ink\"");
        await page.GetByLabel("Filter").PressAsync("Enter");
        await Expect(page.Locator(".entities tbody tr")).ToHaveCountAsync(1);
        await page.Picture("entities");
        await page.GetByLabel("Filter").FillAsync("name contains");
        await page.GetByLabel("Filter").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("14");
        await page.GetByLabel("Filter").FillAsync("tags.team = \"infra\"");
        await page.GetByLabel("Filter").PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "links" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "links" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Tags" })).ToContainTextAsync("team = infra");
        await page.Picture("entity");
        await page.GetByRole(AriaRole.Link, new() { Name = "@linked" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "linked" })).ToBeVisibleAsync();
        await Expect(page.Locator(".members")).ToContainTextAsync("ssd");
    }

    [Fact(Timeout = 120_000)]
    public async Task Hundreds_of_entities_are_paged_and_a_new_one_comes_without_reloading()
    {
        var changes = Enumerable.Range(0, 120).Select(n =>
            $$"""
            {"verb":"create","kind":"role","id":"paged-{{n:000}}","body":{"spec":{"permissions":["*:read"]} } }
            """);
        var made = await _silo.Model.Send(
            HttpMethod.Post, "model/transactions", $$"""{"changes":[{{string.Join(',', changes)}}]}""");
        Assert.Null(made.Problem);
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model/roles?filter=name%20contains%20%22paged%22");
        var rows = page.Locator(".entities tbody tr");
        await Expect(rows).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("paged-050");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(20);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Next" })).ToBeDisabledAsync();
        await _silo.Create("roles", """{"id":"paged-999","spec":{"permissions":["*:read"]} }""");
        await Expect(rows).ToHaveCountAsync(21);
        await page.GetByRole(AriaRole.Button, new() { Name = "Previous" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("paged-050");
        await page.GetByLabel("Sort by").SelectOptionAsync("-updatedAt");
        await Expect(rows.First).ToContainTextAsync("paged-999");
    }

    [Fact(Timeout = 120_000)]
    public async Task Form_says_at_the_field_what_the_rules_refuse_and_saves_what_they_allow()
    {
        await _silo.Create("virtual-storages", $$"""{"id":"formed","spec":{{Storage}} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model/virtual-storages/formed/edit");
        await page.GetByLabel("Replication factor").FillAsync("12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var field = page.Locator(".field", new() { Has = page.GetByLabel("Replication factor") });
        await Expect(field).ToContainTextAsync("1 to 9 replicas are possible.");
        await Expect(page.GetByLabel("Replication factor")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Picture("field-error");
        await page.GetByLabel("Replication factor").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(field).ToContainTextAsync("must be a number");

        await page.GetByLabel("Replication factor").FillAsync("3");
        await page.GetByLabel("Tags").FillAsync("team = infra");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Replication factor" })).ToContainTextAsync("3");
        var saved = await _silo.Get("virtual-storages/formed");
        Assert.Equal((3, "infra"), ((int)saved!["spec"]!["replicationFactor"]!, (string?)saved["tags"]!["team"]));

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        var newest = page.GetByRole(AriaRole.Listitem).First;
        await Expect(newest).ToContainTextAsync("changed");
        await Expect(newest).ToContainTextAsync("admin");
        await Expect(newest.GetByRole(AriaRole.Row, new() { Name = "spec.replicationFactor" }))
            .ToContainTextAsync("was 1is 3");
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Listitem).Last).ToContainTextAsync("created");
        await page.Picture("history");
    }

    [Fact(Timeout = 120_000)]
    public async Task Json_is_edited_by_the_same_rules_and_what_is_no_json_says_where()
    {
        await _silo.Create("nodes", """{"id":"texted","spec":{"attributes":["ssd"]} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model/nodes/texted/edit");
        await page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        var text = page.GetByLabel("Name, tags and spec as JSON");
        await Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"attributes\""));
        await page.Picture("json");
        await text.FillAsync("{ \"name\": }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Line 1, column 11")).ToBeVisibleAsync();
        await text.FillAsync("""{"name":"texted","tags":{},"spec":{"attributes":["ssd"],"colour":"red"} }""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no field 'spec.colour'.");
        await text.FillAsync("""{"name":"texted","tags":{},"spec":{"attributes":["ssd","big"]} }""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".members")).ToContainTextAsync("big");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_somebody_else_writes_meanwhile_is_shown_and_never_overwritten_unseen()
    {
        await _silo.Create("virtual-storages", $$"""{"id":"shared","spec":{{Storage}} }""");
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model/virtual-storages/shared/edit");
        await page.GetByLabel("Tags").FillAsync("team = mine");
        await _silo.Patch("virtual-storages", "shared", """{"spec":{"replicationFactor":5} }""");
        var conflict = page.GetByRole(AriaRole.Alert);
        await Expect(conflict).ToContainTextAsync("Changed meanwhile by admin.token");
        await Expect(conflict).ToContainTextAsync("spec.replicationFactor");
        await page.Picture("conflict");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("It was changed meanwhile")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep my changes on top" }).ClickAsync();
        await Expect(page.GetByLabel("Replication factor")).ToHaveValueAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Tags" })).ToContainTextAsync("team = mine");
        Assert.Equal(5, (int)(await _silo.Get("virtual-storages/shared"))!["spec"]!["replicationFactor"]!);
    }

    [Fact(Timeout = 120_000)]
    public async Task Entity_is_made_and_deleted_by_its_name_once_nobody_refers_to_it()
    {
        await using var context = await chromium.Open();
        var page = await _silo.Open(context, "/model/nodes");
        await page.GetByRole(AriaRole.Link, new() { Name = "New node" }).ClickAsync();
        await page.GetByLabel("Id").FillAsync("made");
        await page.GetByLabel("Attributes").FillAsync("ssd\nfast");
        await page.Picture("new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "made" })).ToBeVisibleAsync();
        await _silo.Create("virtual-storages",
            """{"id":"refers","spec":{"replicationFactor":1,"nodes":["@made"]} }""");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.GetByText("Others refer to it")).ToBeVisibleAsync();
        var confirm = page.GetByRole(AriaRole.Button, new() { Name = "Delete for good" });
        await Expect(confirm).ToBeDisabledAsync();
        await page.GetByLabel("To delete it, type its name").FillAsync("made");
        await page.Picture("delete");
        await confirm.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Others refer to it");
        await _silo.Model.Send(HttpMethod.Delete, "model/virtual-storages/refers", ifMatch: "*");
        await confirm.ClickAsync();
        await Expect(page.GetByText("made is deleted.")).ToBeVisibleAsync();
        Assert.Equal("entity-not-found", (await _silo.Model.Get("model/nodes/made")).Problem);
    }

    [Fact(Timeout = 120_000)]
    public async Task Viewer_reads_all_but_secrets_and_is_neither_offered_nor_let_to_write()
    {
        await _silo.MakePerson("reader", "viewer");
        await _silo.Create("nodes", """{"id":"readable","spec":{"attributes":[]} }""");
        await using var context = await chromium.Open();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(fleet.Address, "/model/authenticators").ToString());
        await SiloAdmin.SignIn(page, "reader");
        await page.WaitUntilLive();
        await page.Locator(".entities tbody a").First.ClickAsync();
        await Expect(page.GetByText("What is secret is not shown.")).ToBeVisibleAsync();
        Assert.DoesNotContain("pbkdf2", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GotoAsync(new Uri(fleet.Address, "/model/nodes/readable").ToString());
        await page.WaitUntilLive();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Edit" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToHaveCountAsync(0);
        foreach (var path in (string[])["/model/nodes/readable/edit", "/new/nodes"])
        {
            await page.GotoAsync(new Uri(fleet.Address, path).ToString());
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nodes:write");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        }
    }
}
