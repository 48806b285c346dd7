using System.IO.Pipelines;
using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Fleet;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Stages packs over HTTP. A stream ends at once when its node goes.</summary>
internal sealed class HttpPackStaging(FleetNodes fleet, StorageNodeClient client, ILogger<HttpPackStaging> log)
    : IPackStaging
{
    /// <inheritdoc/>
    public async Task<StageReply> Stage(
        NodeName node, RepositoryId repository, TransactionId transaction, DecisionNotice? newest, PipeReader body,
        CancellationToken cancellation)
    {
        try
        {
            if (fleet.Get(node) is not { } here)
                throw new StorageNodeException($"Node {node} has no session.");
            using var any = CancellationTokenSource.CreateLinkedTokenSource(here.Ended, cancellation);
            try
            {
                using var content = new PipeContent(body);
                return await client.Stage(
                    here.Address, repository, transaction, newest, content, any.Token);
            }
            catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
            {
                throw new StorageNodeException($"Node {node} lost its session.", error);
            }
            catch (HttpRequestException error)
            {
                throw new StorageNodeException($"Node {node} broke off: {error.Message}", error);
            }
        }
        finally
        {
            await body.CompleteAsync();
        }
    }

    /// <inheritdoc/>
    public async Task Renew(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation)
    {
        try
        {
            if (fleet.Get(node) is not { } here) return;
            using var any = CancellationTokenSource.CreateLinkedTokenSource(here.Ended, cancellation);
            await client.RenewLease(here.Address, repository, transaction, any.Token);
        }
        catch (Exception error)
            when (error is HttpRequestException or OperationCanceledException or StorageNodeRefusedException)
        {
            // The prepare finds out whether the pack is still there.
            if (!cancellation.IsCancellationRequested) log.LeaseNotRenewed(error, node, repository, transaction);
        }
    }

    // Sent chunked, straight from the ring to the socket.
    private sealed class PipeContent(PipeReader body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            body.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
