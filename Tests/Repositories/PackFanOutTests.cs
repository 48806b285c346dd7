using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Repositories;

public sealed class PackFanOutTests
{
    private static readonly PushTarget Target =
        new(RepositoryId.From(Guid.Empty), new TransactionId(Guid.Empty));

    [Fact]
    public async Task A_client_that_leaves_ends_the_wait_for_nodes_that_never_answer()
    {
        var nodes = new SilentNodes();
        await using var fanOut = new PackFanOut(
            Target, nodes, new PushOptions(), new ManualTime(), PipeScheduler.Inline, NullLogger.Instance);
        using var client = new CancellationTokenSource();
        var begun = new BeginReply(
            Availability.Available,
            [.. new[] { "a", "b", "c" }.Select(n => new PushParticipant(NodeName.Parse(n), null, true))], 2, []);
        var pack = PipeReader.Create(Stream.Null);
        var staging = fanOut.Run(begun, [], pack, () => Task.CompletedTask, client.Token);
        await nodes.AllRead;
        Assert.False(staging.IsCompleted);

        client.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => staging);
    }

    // They take every byte and say nothing.
    private sealed class SilentNodes : IPackStaging
    {
        private readonly TaskCompletionSource _allRead = new();
        private int _left = 3;

        public Task AllRead => _allRead.Task;

        public async Task<StageReply> Stage(
            NodeName node, RepositoryId repository, TransactionId transaction, DecisionNotice? newest, PipeReader body,
            CancellationToken cancellation)
        {
            await body.CopyToAsync(Stream.Null, cancellation);
            if (--_left == 0) _allRead.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            throw new InvalidOperationException("It never answers.");
        }

        public Task Renew(
            NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
            Task.CompletedTask;
    }
}
