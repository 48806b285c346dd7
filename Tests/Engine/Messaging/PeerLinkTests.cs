using System.Net;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: what may have run is never said to be unsent, however a link's end and a sender meet.</summary>
public sealed class PeerLinkTests : ILink, ILinkOwner, IAwaited
{
    private readonly PeerLink _peer;
    private readonly List<string> _broken = [];
    private Action _whenSent = () => { };
    private Action _whenLeft = () => { };
    private int _sent;

    public PeerLinkTests() => _peer = new PeerLink(
        this, new Greeting("c", "s", null, "client", null, DateTimeOffset.UnixEpoch), true, this, TimeProvider.System);

    IPEndPoint ILink.Remote => new(IPAddress.Loopback, 1);

    CallWire ILinkOwner.Wire => throw new NotSupportedException();

    long ILinkOwner.ViewVersion => 0;

    [Fact]
    public async Task A_frame_that_was_handed_over_while_the_link_ended_counts_as_sent()
    {
        using var ending = new ManualResetEventSlim();
        using var returned = new ManualResetEventSlim();
        _whenLeft = () =>
        {
            ending.Set();
            returned.Wait(TestContext.Current.CancellationToken);
        };
        var end = Task.CompletedTask;
        _whenSent = () =>
        {
            end = Task.Factory.StartNew(
                () => _peer.Closed(new IOException("reset")), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            ending.Wait(TestContext.Current.CancellationToken);
        };
        Assert.NotEqual(0UL, Ask());
        returned.Set();
        await end;
        Assert.Contains("may have run", Assert.Single(_broken), StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_for_a_link_that_has_ended_is_not_sent_and_not_lost()
    {
        _peer.Closed(null);
        Assert.Equal(0UL, Ask());
        Assert.Equal(0, _sent);
        Assert.Empty(_broken);
    }

    [Fact]
    public void A_link_that_retires_sends_nothing_new()
    {
        _peer.Retire();
        var farewell = _sent;
        Assert.Equal(0UL, Ask());
        Assert.Equal((1, 1), (farewell, _sent));
    }

    void ILink.Start(ILinkReceiver receiver) => throw new NotSupportedException();

    void ILink.Send(ReadOnlySpan<byte> frame)
    {
        _sent++;
        _whenSent();
    }

    ValueTask ILink.WhenWritable() => ValueTask.CompletedTask;

    void ILink.Close(Exception? reason)
    {
    }

    void ILinkOwner.Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        throw new NotSupportedException();

    void ILinkOwner.Notify(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        throw new NotSupportedException();

    void ILinkOwner.Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        throw new NotSupportedException();

    void ILinkOwner.Retry(Call call, string reason) => throw new NotSupportedException();

    void ILinkOwner.Left(PeerLink link, Exception? reason) => _whenLeft();

    void IAwaited.Answered(FrameHeader header, ReadOnlyMemory<byte> frame) => throw new NotSupportedException();

    void IAwaited.Broken(SiloUnavailableException reason) => _broken.Add(reason.Message);

    private ulong Ask() => _peer.TrySend(
        this, new byte[FrameHeader.Length], new FrameHeader(FrameKind.Question, default, default, 0, 0, 0, 0));
}
