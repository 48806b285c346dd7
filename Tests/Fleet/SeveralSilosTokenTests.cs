using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: what one silo issued or took back, every other silo takes or refuses, each by what it has.</summary>
public sealed class SeveralSilosTokenTests(ThreeSiloFleet fleet) : IClassFixture<ThreeSiloFleet>
{
    private const int Silos = ThreeSiloFleet.Silos;

    // What the design promises of a revocation.
    private static readonly TimeSpan EverywhereWithin = TimeSpan.FromSeconds(2);

    [Fact(Timeout = 180_000)]
    public async Task A_token_of_any_silo_is_taken_by_all_and_gone_everywhere_soon_after_it_was_taken_back()
    {
        using var made = await fleet.Api.Http.PostAsJsonAsync("/v1/model/identities", new
        {
            id = "robot",
            spec = new { type = "program", roles = (string[])["viewer"], attributes = Array.Empty<string>() },
        });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        for (var issuer = 0; issuer < Silos; issuer++)
        {
            var token = await Eventually.Value($"silo {issuer + 1} issues", TimeSpan.FromSeconds(60), async () =>
            {
                using var answer = await fleet.Api.Http.PostAsJsonAsync(
                    Address(issuer, "/v1/tokens"), new IssueTokenRequest(EntityId.Parse("robot")), Wire.Json);
                return answer.StatusCode is HttpStatusCode.Created
                    ? await answer.Content.ReadFromJsonAsync<TokenResource>(Wire.Json)
                    : null;
            });
            for (var asked = 0; asked < Silos; asked++)
                Assert.Equal(HttpStatusCode.OK, await Status(asked, token.Token));

            using var gone = await fleet.Api.Http.DeleteAsync(Address(issuer, $"/v1/tokens/{token.Id}"));
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            for (var asked = 0; asked < Silos; asked++)
            {
                var silo = asked;
                await Eventually.True($"silo {silo + 1} refuses it", EverywhereWithin, async () =>
                    await Status(silo, token.Token) is HttpStatusCode.Unauthorized);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_static_token_is_taken_back_everywhere_by_another_one_in_its_file()
    {
        const string Other = "another-token-of-the-administrator";
        var file = Path.Combine(fleet.Data, "admin.token");
        await File.WriteAllTextAsync(file, Other);
        await MustOpenOnly(Other, not: fleet.Token);
        File.Delete(file);
        await MustOpenOnly(null, not: Other);
        await File.WriteAllTextAsync(file, fleet.Token);
        await MustOpenOnly(fleet.Token, not: Other);
        Assert.DoesNotContain(Other, await File.ReadAllTextAsync(Path.Combine(fleet.Data, "logs", "silo-1.log")),
            StringComparison.Ordinal);
    }

    private async Task MustOpenOnly(string? token, string not)
    {
        for (var asked = 0; asked < Silos; asked++)
        {
            var silo = asked;
            await Eventually.True($"silo {silo + 1} knows the file", EverywhereWithin, async () =>
                await Status(silo, not) is HttpStatusCode.Unauthorized
                && (token is null || await Status(silo, token) is HttpStatusCode.OK));
        }
    }

    private Uri Address(int silo, string path) =>
        new($"http://127.0.0.1:{fleet.Port + silo}{path}");

    private async Task<HttpStatusCode> Status(int silo, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(silo, "/v1/repositories"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await fleet.Api.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
