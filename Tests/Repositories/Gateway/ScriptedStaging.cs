using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Repositories;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Nodes that take a pack as a test wants them to.</summary>
internal sealed class ScriptedStaging : IPackStaging
{
    private readonly ConcurrentDictionary<NodeName, string> _received = [];

    /// <summary>Nodes that fail at once.</summary>
    public HashSet<NodeName> Dead { get; init; } = [];

    /// <summary>Nodes that take no byte and never answer.</summary>
    public HashSet<NodeName> Stalled { get; init; } = [];

    /// <summary>Nodes that refuse the pack when they have it.</summary>
    public HashSet<NodeName> Refusing { get; init; } = [];

    /// <summary>Nodes that received something else than the others.</summary>
    public HashSet<NodeName> Damaged { get; init; } = [];

    /// <summary>What each node received, tips and pack.</summary>
    public IReadOnlyDictionary<NodeName, string> Received => _received;

    public async Task<StageReply> Stage(
        NodeName node, RepositoryId repository, TransactionId transaction, DecisionNotice? newest, PipeReader body,
        CancellationToken cancellation)
    {
        try
        {
            if (Dead.Contains(node)) throw new StorageNodeException($"Node {node} can't be reached.");
            if (Stalled.Contains(node)) await new TaskCompletionSource().Task.WaitAsync(cancellation);
            var bytes = new ArrayBufferWriter<byte>();
            while (true)
            {
                var read = await body.ReadAsync(cancellation);
                foreach (var segment in read.Buffer) bytes.Write(segment.Span);
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
            _received[node] = Encoding.ASCII.GetString(bytes.WrittenSpan);
            if (Refusing.Contains(node))
                throw new StorageNodeRefusedException(HttpStatusCode.UnprocessableEntity, "bad object");
            return new StageReply(Damaged.Contains(node) ? "other" : "checksum", 3);
        }
        finally
        {
            await body.CompleteAsync();
        }
    }

    public Task Renew(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
        Task.CompletedTask;
}
