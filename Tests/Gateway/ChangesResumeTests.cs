using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Gateway;
using Aedile.Client.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Gateway.ScriptedGateways;

namespace Aedile.Tests.Gateway;

/// <summary>Goal: who follows the changes gets each of them once, whatever breaks off on the way.</summary>
public sealed class ChangesResumeTests : IDisposable
{
    private readonly ManualTime _clock = new();
    private readonly ScriptedGateways _gateways = new();

    [Fact]
    public async Task A_feed_that_breaks_off_goes_on_at_another_gateway_behind_the_last_entry()
    {
        _gateways
            .Says("a", Feed(isBroken: true, 1, 2))
            .Says("b", Problem(400, "invalid-parameter", false, "after")) // It lags behind.
            .Says("b", Feed(isBroken: false, 3, 4));
        _gateways.Says("a", Refused);
        using var client = _gateways.Client(_clock, "a", "b");
        var seen = new List<long>();
        var reading = Read(client, seen);
        while (!reading.IsCompleted) _clock.AdvanceToNext();
        await reading;
        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Equal(4, client.LastIndex);
        Assert.Equal(
            ["after=0", "after=2", "after=2", "after=2"],
            _gateways.Asked.Select(asked => asked.Split('?', '&')[1]));
    }

    [Fact]
    public async Task An_index_that_is_no_longer_kept_is_said_and_not_asked_for_again()
    {
        _gateways.Says("a", Problem(410, "index-compacted", false, "after"));
        using var client = _gateways.Client(_clock, "a");
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => Read(client, []));
        Assert.Equal("index-compacted", refusal.Type);
        Assert.Single(_gateways.Asked);
    }

    /// <inheritdoc/>
    public void Dispose() => _gateways.Dispose();

    private static async Task Read(AedileClient client, List<long> seen)
    {
        await foreach (var entry in client.Changes.Read(follow: false)) seen.Add(entry.Index);
    }

    private static Func<HttpResponseMessage> Feed(bool isBroken, params long[] indexes) => () =>
    {
        var lines = string.Concat(indexes.Select(index => JsonSerializer.Serialize(
            new JournalEntry(index, default, "x", default, null, "", []), Wire.Json) + "\n\n"));
        Stream body = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        return new HttpResponseMessage { Content = new StreamContent(isBroken ? new BrokenAtItsEnd(body) : body) };
    };

    // As an answer whose silo was killed.
    private sealed class BrokenAtItsEnd(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var length = inner.Read(buffer, offset, count);
            return length > 0 ? length : throw new IOException("The response ended prematurely.");
        }

        // On the caller's thread: the clock goes on only while nobody reads.
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = new byte[buffer.Length];
            var length = Read(bytes, 0, bytes.Length);
            bytes.AsMemory(0, length).CopyTo(buffer);
            return ValueTask.FromResult(length);
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
