using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;
using Aedile.Client.Repositories;

namespace Aedile.Benchmarks.Clone;

/// <summary>What the gateway adds to <c>info/refs</c>: the same request through it and straight to an agent.</summary>
internal static class AdvertisementProbe
{
    // Until the runtime has compiled for good what each request runs through, on either side.
    private const int WarmUp = 300;
    private const int Rounds = 300;
    private const double BarMs = 1;

    public static async Task<(JsonObject Figures, bool Met)> Measure(
        SideBySide sides, RepositoryResource repository, string path)
    {
        using var gateway = sides.Fleet.Client();
        using var agent = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        agent.BaseAddress = sides.Fleet.Agent(repository.Primary!.Value.Value);
        agent.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", sides.Fleet.TokenFor(repository.Primary!.Value));
        var (through, direct) = (new Samples(), new Samples());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var a = await Time(gateway, $"/git/default/{path}.git/info/refs?service=git-upload-pack");
            var b = await Time(agent, $"/git/{repository.Id}/info/refs?service=git-upload-pack");
            if (round < 0) continue;
            through.Add(a);
            direct.Add(b);
        }
        var overhead = through.Median - direct.Median;
        Console.WriteLine($"info/refs through the gateway  {through.ToText("ms")}");
        Console.WriteLine($"info/refs straight to an agent {direct.ToText("ms")}");
        var figures = new JsonObject
        {
            ["unit"] = "ms",
            ["throughGateway"] = through.ToJson(),
            ["straightToAgent"] = direct.ToJson(),
            ["overheadOfMedians"] = overhead,
            ["bar"] = BarMs,
        };
        return (figures, overhead < BarMs);
    }

    private static async Task<double> Time(HttpClient http, string path)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Git-Protocol", "version=2");
        using var answer = await http.SendAsync(request);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}
