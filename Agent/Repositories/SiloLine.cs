using System.Text.Json;
using Aedile.Agent.Fleet;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Asks a silo over REST: the one the session stands to first, then the others.</summary>
internal sealed class SiloLine(HttpClient http, SiloList silos, NodeName node, ILogger<SiloLine> log) : ISiloLine
{
    public async Task<Resolution> Resolve(
        RepositoryId repository, TransactionId transaction, CommandToken token, ReplicaVersion baseVersion,
        CancellationToken cancellation)
    {
        var question = new OpenEntryQuestion(node, repository, transaction, token, baseVersion);
        foreach (var silo in silos.InOrder())
        {
            try
            {
                using var response = await http.PostAsJsonAsync(
                    new Uri(silo, "/v1/agents/resolve"), question, Wire.Json, cancellation);
                response.EnsureSuccessStatusCode();
                if (await response.Content.ReadFromJsonAsync<Resolution>(Wire.Json, cancellation) is { } resolution)
                    return resolution;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or IOException
                || e is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                log.SiloSilent(e); // The promise stands; it is asked about again.
            }
        }
        return new Resolution(ResolutionOutcome.Pending);
    }
}
