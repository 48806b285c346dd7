using System.Net.Http.Headers;
using Aedile.Client;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Embedded;

/// <summary>Waits until the silo serves and every agent's session stands.</summary>
internal sealed class FleetReadiness(Uri silo, string adminToken, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Polls the silo.</summary>
    /// <param name="agents">How many sessions to wait for.</param>
    /// <param name="progress">Told whenever more sessions stand.</param>
    /// <param name="cancellation">Stops the wait.</param>
    public async Task Wait(int agents, Action<string> progress, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = silo, Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        var seen = -1;
        while (true)
        {
            var healthy = await CountHealthy(http, cancellation);
            if (healthy is { } count && count != seen)
            {
                if (seen < 0) progress("silo is ready");
                if (count > 0) progress($"{count} of {agents} agents are connected");
                seen = count;
            }
            if (healthy >= agents) return;
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private static async Task<int?> CountHealthy(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            var fleet = await http.GetFromJsonAsync<FleetResource>("/v1/fleet", Wire.Json, cancellation);
            return fleet?.Nodes.Count(n => n.State == "running");
        }
        catch (HttpRequestException)
        {
            return null; // It doesn't listen yet.
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null; // It listens, but a busy machine has not let it answer.
        }
    }
}
