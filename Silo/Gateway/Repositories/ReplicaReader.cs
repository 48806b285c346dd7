using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Finds a replica that answers a git request, and hands its answer over with the first bytes read.</summary>
internal sealed class ReplicaReader(
    ReadRoutes routes, ReplicaChoice choice, FleetNodes fleet, StorageNodeClient client,
    IOptions<ReadOptions> options, TimeProvider clock, ILogger<ReplicaReader> log)
{
    private const int FirstBytes = 64 * 1024;
    private static readonly TimeSpan RoutePause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends the request to one replica after another until one begins to answer.</summary>
    /// <param name="id">The repository.</param>
    /// <param name="request">Makes the request anew for each attempt; its address is relative to the replica's.</param>
    /// <param name="client">The client left.</param>
    public async Task<ReplicaAnswer> Open(
        RepositoryId id, Func<HttpRequestMessage> request, CancellationToken client)
    {
        using var limit = new CancellationTokenSource(options.Value.FirstByteLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, client);
        try
        {
            for (var round = 1; ; round++)
            {
                var (route, isStale) = await routes.Get(id, either.Token);
                if (route.Availability is Availability.NotFound or Availability.DataLoss
                    or Availability.RegistryRegressed)
                    return new ReplicaAnswer.Refused(route.Availability);
                var candidates = route.Candidates.Where(fleet.IsHealthy).ToList();
                while (candidates.Count > 0)
                {
                    var node = choice.Take(candidates);
                    if (await Try(node, id, route.Version, request, isStale, either.Token) is { } answer) return answer;
                }
                if (round == options.Value.RoutesMax) return new ReplicaAnswer.Refused(Availability.TooFewReplicas);
                // A decision may just be on its way to the replicas.
                await Task.Delay(RoutePause * round, clock, either.Token);
            }
        }
        catch (OperationCanceledException) when (!client.IsCancellationRequested)
        {
            return new ReplicaAnswer.Refused(Availability.TooFewReplicas);
        }
    }

    private async Task<ReplicaAnswer.Serving?> Try(
        NodeName node, RepositoryId id, ReplicaVersion version, Func<HttpRequestMessage> request, bool isStale,
        CancellationToken cancellation)
    {
        if (fleet.Get(node) is not { } here) return null;
        var visit = choice.Enter(node);
        // Until the first bytes are here the node's going ends the wait, afterwards a pause behind it.
        using var any = CancellationTokenSource.CreateLinkedTokenSource(here.Ended, cancellation);
        HttpResponseMessage? response = null;
        try
        {
            using var message = request();
            response = await client.SendGit(message, here.Address, id, version, any.Token);
            if (response.StatusCode is HttpStatusCode.OK)
            {
                var body = await response.Content.ReadAsStreamAsync(any.Token);
                var first = new byte[FirstBytes];
                var length = await body.ReadAsync(first, any.Token);
                var answer = new ReplicaAnswer.Serving(
                    here, response, body, first.AsMemory(0, length), isStale, visit);
                (response, visit) = (null, null);
                return answer;
            }
            // Any other replica would say the same.
            if (response.StatusCode is HttpStatusCode.BadRequest)
                throw GitProtocolException.Malformed("git upload-pack does not understand it");
            log.ReplicaDidNotServe(node, id, $"HTTP {(int)response.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            log.ReplicaDidNotServe(node, id, error.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.ReplicaDidNotServe(node, id, "its session ended");
        }
        finally
        {
            response?.Dispose();
            visit?.Dispose();
        }
        return null;
    }
}

/// <summary>What came of a read.</summary>
internal abstract record ReplicaAnswer
{
    private ReplicaAnswer() { }

    /// <summary>No replica could serve it.</summary>
    public sealed record Refused(Availability Availability) : ReplicaAnswer;

    /// <summary>A replica serves it; nothing has gone to the client yet.</summary>
    /// <param name="Node">The replica's node, as it was here when it began to answer.</param>
    /// <param name="Response">Its answer.</param>
    /// <param name="Body">The rest of the answer's body.</param>
    /// <param name="First">The first bytes of it; none when it is empty.</param>
    /// <param name="IsStale">Whether the route was an old one.</param>
    /// <param name="Visit">Counts the request until disposed.</param>
    public sealed record Serving(
        NodePresence Node, HttpResponseMessage Response, Stream Body, ReadOnlyMemory<byte> First, bool IsStale,
        IDisposable Visit) : ReplicaAnswer, IDisposable
    {
        /// <inheritdoc/>
        public void Dispose()
        {
            Response.Dispose();
            Visit.Dispose();
        }
    }
}
