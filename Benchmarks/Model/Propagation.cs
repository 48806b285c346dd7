using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Model;

/// <summary>How long after a write was asked for at one silo another one shows it.</summary>
internal static class Propagation
{
    private const int Writes = 500;
    private const double BarMilliseconds = 50;
    private const string Node = "/v1/model/nodes/node-1";

    /// <summary>One write after the other; after each, a read at another silo that waits for its index.</summary>
    public static async Task<bool> Measure(FleetUnderTest fleet, JsonObject figures)
    {
        using var writer = fleet.Client();
        using var reader = fleet.Client();
        reader.BaseAddress = new UriBuilder(fleet.Address) { Port = fleet.Address.Port + 1 }.Uri;
        var clock = TimeProvider.System;
        var (fromRequest, fromAnswer) = (new List<double>(), new List<double>());
        for (var i = 0; i < Writes; i++)
        {
            var began = clock.GetTimestamp();
            var index = await Write(writer, i);
            var answered = clock.GetTimestamp();
            using var shown = await reader.GetAsync(new Uri($"{Node}?atLeast={index}", UriKind.Relative));
            shown.EnsureSuccessStatusCode();
            fromRequest.Add(clock.GetElapsedTime(began).TotalMilliseconds);
            fromAnswer.Add(clock.GetElapsedTime(answered).TotalMilliseconds);
        }

        var p99 = P99(fromRequest);
        figures["shown by another silo"] = new JsonObject
        {
            ["p99 from the request on, ms"] = p99, ["p99 from its answer on, ms"] = P99(fromAnswer),
            ["bar, ms"] = BarMilliseconds,
        };
        return p99 < BarMilliseconds;
    }

    private static async Task<string> Write(HttpClient http, int turn)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"tags":{"turn":"{{turn}}"} }""");
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(Node, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json")),
        };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Aedile-Index").Single();
    }

    private static double P99(List<double> times) => times.Order().ElementAt((int)(times.Count * 0.99));
}
