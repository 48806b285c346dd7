using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: what one silo issued or took back, every other silo takes or refuses, each by what it has.</summary>
public sealed class SeveralSilosTokenTests
{
    private const int Silos = 3;

    // What the design promises of a revocation.
    private static readonly TimeSpan EverywhereWithin = TimeSpan.FromSeconds(2);

    [Fact(Timeout = 180_000)]
    public async Task A_token_of_any_silo_is_taken_by_all_and_gone_everywhere_soon_after_it_was_taken_back()
    {
        await using var fleet = await EmbeddedFleet.Start(agents: 1, silos: Silos);
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
                    Address(fleet, issuer, "/v1/tokens"), new IssueTokenRequest(EntityId.Parse("robot")), Wire.Json);
                return answer.StatusCode is HttpStatusCode.Created
                    ? await answer.Content.ReadFromJsonAsync<TokenResource>(Wire.Json)
                    : null;
            });
            for (var asked = 0; asked < Silos; asked++)
                Assert.Equal(HttpStatusCode.OK, await Status(fleet, asked, token.Token));

            using var gone = await fleet.Api.Http.DeleteAsync(Address(fleet, issuer, $"/v1/tokens/{token.Id}"));
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            for (var asked = 0; asked < Silos; asked++)
            {
                var silo = asked;
                await Eventually.True($"silo {silo + 1} refuses it", EverywhereWithin, async () =>
                    await Status(fleet, silo, token.Token) is HttpStatusCode.Unauthorized);
            }
        }
    }

    private static Uri Address(EmbeddedFleet fleet, int silo, string path) =>
        new($"http://127.0.0.1:{fleet.Port + silo}{path}");

    private static async Task<HttpStatusCode> Status(EmbeddedFleet fleet, int silo, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(fleet, silo, "/v1/repositories"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await fleet.Api.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
