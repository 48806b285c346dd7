using System.IO.Pipelines;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Tests.Support;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: a client never waits for ever for a node that hangs, and never loses one that only works.</summary>
public sealed class ReplicaBodyTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly Pipe _wire = new();
    private readonly CancellationTokenSource _client = new();
    private readonly NodePresence _node = new(Node(1), default, new Uri("http://127.0.0.1:1"));
    private readonly ReplicaBody _body;
    private readonly byte[] _buffer = new byte[10];

    public ReplicaBodyTests()
    {
        _body = new ReplicaBody(_wire.Reader.AsStream(), _node, Limit, _time, _client.Token);
    }

    public void Dispose()
    {
        _body.Dispose();
        _client.Dispose();
    }

    private Task<int> Read() => _body.Read(_buffer).AsTask();

    [Fact]
    public async Task A_node_whose_session_stands_may_think_as_long_as_it_likes()
    {
        var read = Read();
        _time.Advance(TimeSpan.FromHours(1));
        await _wire.Writer.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, await read);
    }

    [Fact]
    public async Task A_node_that_hangs_ends_the_answer_after_its_session_ended()
    {
        var read = Read();
        _time.Advance(TimeSpan.FromMinutes(1));
        _node.End();
        Assert.False(read.IsCompleted);
        _time.Advance(2 * Limit);
        await Assert.ThrowsAsync<IOException>(() => read);
    }

    [Fact]
    public async Task A_node_that_lost_its_session_but_still_sends_is_read_to_the_end()
    {
        _node.End();
        for (var second = 0; second < 60; second += 4)
        {
            var read = Read();
            _time.Advance(TimeSpan.FromSeconds(4));
            await _wire.Writer.WriteAsync("abc"u8.ToArray());
            Assert.Equal(3, await read);
        }
        await _wire.Writer.CompleteAsync();
        Assert.Equal(0, await Read());
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_no_fault_of_the_node()
    {
        _node.End();
        await _wire.Writer.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, await Read());
        _time.Advance(TimeSpan.FromMinutes(5)); // The gateway waits for the client here.
        await _wire.Writer.WriteAsync("def"u8.ToArray());
        Assert.Equal(3, await Read());
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_wait()
    {
        var read = Read();
        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }
}
