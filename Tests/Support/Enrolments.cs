using System.Net;
using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model.Kinds;

namespace Aedile.Tests.Support;

/// <summary>What an administrator does for a new agent, by REST.</summary>
internal static class Enrolments
{
    /// <summary>Makes the identity of a node's agent, if it isn't there, and a one-time token.</summary>
    /// <param name="http">A silo, with the administrator's token.</param>
    /// <param name="node">The node.</param>
    /// <param name="lifeSeconds">How long the token may be used.</param>
    public static async Task<string> OfAgent(HttpClient http, string node, int lifeSeconds = 600)
    {
        var spec = new IdentitySpec(IdentityType.Agent, [BuiltInRoles.Agent], [], Node: NodeName.Parse(node));
        using var made = await http.PostAsJsonAsync(
            "/v1/model/identities", new { id = $"agent-{node}", spec }, Wire.Json);
        Assert.True(
            made.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict,
            await made.Content.ReadAsStringAsync());
        using var answer = await http.PostAsJsonAsync(
            $"/v1/identities/agent-{node}/enrolments", new IssueEnrolmentRequest(lifeSeconds), Wire.Json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<EnrolmentResource>(Wire.Json))!.EnrolmentToken;
    }
}
