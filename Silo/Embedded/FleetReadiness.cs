using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Aedile.Client;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Embedded;

/// <summary>Waits until every silo serves and every agent's session stands.</summary>
internal sealed class FleetReadiness(ImmutableArray<Uri> silos, string adminToken, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Polls the silos.</summary>
    /// <param name="agents">How many sessions to wait for; each silo must know of all.</param>
    /// <param name="progress">Told whenever more serve or stand.</param>
    /// <param name="cancellation">Stops the wait.</param>
    public async Task Wait(int agents, Action<string> progress, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        var (seenSilos, seenAgents) = (0, 0);
        while (true)
        {
            var answers = await Task.WhenAll(silos.Select(silo => Ask(http, silo, cancellation)));
            var ready = answers.OfType<FleetResource>().Where(fleet => fleet.Silo.Ready).ToList();
            var count = ready.Select(fleet => fleet.Nodes.Count(n => n.State == "running")).DefaultIfEmpty().Min();
            if (ready.Count != seenSilos)
                progress(silos.Length == 1 ? "silo is ready" : $"{ready.Count} of {silos.Length} silos are ready");
            if (count != seenAgents) progress($"{count} of {agents} agents are connected");
            (seenSilos, seenAgents) = (ready.Count, count);
            if (ready.Count == silos.Length && count >= agents) return;
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private static async Task<FleetResource?> Ask(HttpClient http, Uri silo, CancellationToken cancellation)
    {
        try
        {
            return await http.GetFromJsonAsync<FleetResource>(
                new Uri(silo, "/v1/fleet"), Wire.Json, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return null; // It doesn't listen yet; or it ended as it was asked, which HttpClient lets through bare.
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null; // It listens, but a busy machine has not let it answer.
        }
    }
}
