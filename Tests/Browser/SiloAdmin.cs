using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Aedile.Tests.Browser;

/// <summary>What journeys prepare by REST, as an administrator's script would, and how they sign in.</summary>
internal sealed class SiloAdmin(EmbeddedFleet fleet)
{
    /// <summary>Of every person here.</summary>
    public const string Password = "a long password of hers";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>REST of the model with the administrator's token.</summary>
    public ModelClient Model { get; } = new(fleet.Api.Http);

    /// <summary>Makes an entity; the test fails unless it is made.</summary>
    public async Task Create(string kinds, string body)
    {
        var answer = await Model.Send(HttpMethod.Post, $"model/{kinds}", body);
        Assert.True(answer.Problem is null, $"{answer.Body}");
    }

    /// <summary>Merges into an entity.</summary>
    public async Task Patch(string kinds, string id, string body)
    {
        var answer = await Model.Send(HttpMethod.Patch, $"model/{kinds}/{id}", body);
        Assert.True(answer.Problem is null, $"{answer.Body}");
    }

    /// <summary>A person with one role, and the password.</summary>
    public async Task MakePerson(string id, string role)
    {
        await Create("identities",
            $$$"""{"id":"{{{id}}}","spec":{"type":"person","roles":["{{{role}}}"],"attributes":[]} }""");
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var digest = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
        await Create("authenticators", $$$"""
            {"id":"enrol-{{{id}}}","spec":{"identity":"{{{id}}}",
             "enrolment":{"digest":"{{{digest}}}","expiresAt":"2100-01-01T00:00:00Z"} } }
            """);
        await Eventually.True("the password is set", Soon, async () =>
        {
            using var answer = await fleet.Api.Http.PostAsJsonAsync(
                "/v1/enrol", new EnrolRequest($"aen_enrol-{id}.{secret}", Password), Wire.Json);
            return answer.IsSuccessStatusCode;
        });
    }

    /// <summary>A token for somebody.</summary>
    public async Task<TokenResource> Issue(string identity)
    {
        using var answer = await fleet.Api.Http.PostAsJsonAsync(
            "/v1/tokens", new IssueTokenRequest(EntityId.Parse(identity)), Wire.Json);
        return (await answer.Content.ReadFromJsonAsync<TokenResource>(Wire.Json))!;
    }

    /// <summary>Deletes by an address below <c>/v1</c>.</summary>
    public Task<ModelAnswer> Delete(string path) => Model.Send(HttpMethod.Delete, path);

    /// <summary>An entity as REST shows it.</summary>
    public async Task<JsonNode?> Get(string path) => (await Model.Get($"model/{path}")).Body;

    /// <summary>A page at a path, signed in with the administrator's token.</summary>
    public async Task<IPage> Open(IBrowserContext context, string path = "/", string? token = null)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(fleet.Address, path).ToString());
        await page.GetByLabel("Token").FillAsync(token ?? fleet.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitUntilLive();
        return page;
    }

    /// <summary>Fills the form of the sign-in page.</summary>
    public static async Task SignIn(IPage page, string name, string password = Password)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Guesses on the sign-in page until somebody is locked out.</summary>
    public static async Task LockOut(IPage page, string name)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await SignIn(page, name, $"guess number {attempt}");
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }
    }

    /// <summary>Sets the password on the page for one-time codes, and is signed in.</summary>
    public static async Task Enrol(IPage page, string code)
    {
        await page.GetByLabel("One-time code").FillAsync(code);
        await page.GetByLabel("New password").FillAsync(Password);
        await page.GetByLabel("The same again").FillAsync(Password);
        await page.Picture("enrol");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password and sign in" }).ClickAsync();
        await page.WaitUntilLive();
    }
}
