using System.Net;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: what may have run is never said to be unsent, however a link's end and a sender meet.</summary>
public sealed class PeerLinkTests : ILink, ILinkOwner, IAwaited
{
    private readonly PeerLink _peer;
    private readonly List<string> _broken = [];
    private Action _whenSent = () => { };
    private Action _whenLeft = () => { };
    private int _sent;
    private bool _isClosed;

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

    [Fact]
    public void A_link_whose_other_end_retires_stays_until_what_was_on_its_way_out_has_left()
    {
        var isClosedTooEarly = false;
        var oneWay = new FrameHeader(FrameKind.Request, FrameFlags.OneWay, default, 0, 0, 0, 0);
        _whenSent = () =>
        {
            _whenSent = () => { };
            Receive(FrameKind.Retire);
            isClosedTooEarly = _isClosed;
        };
        Assert.NotEqual(0UL, _peer.TrySend(this, new byte[FrameHeader.Length], oneWay));
        Assert.False(isClosedTooEarly);
        Assert.True(_isClosed);
        Assert.Equal(2, _sent); // The request and the word that nothing follows.
    }

    [Fact]
    public void A_link_that_has_retired_stays_until_the_last_answer_has_left()
    {
        foreach (var number in new[] { 1UL, 2UL }) _peer.AddServed(number, this);
        _peer.Retire();
        Receive(FrameKind.Retire);
        Assert.True(_peer.TakeServed(1)); // One thread writes its answer...
        Assert.True(_peer.TakeServed(2));
        Answer(2); // ... while another has sent its own.
        Assert.False(_isClosed);
        Answer(1);
        Assert.True(_isClosed);
    }

    [Fact]
    public void A_request_that_is_cancelled_keeps_no_link()
    {
        _peer.AddServed(1, this);
        Receive(FrameKind.Retire);
        Assert.False(_isClosed);
        Receive(FrameKind.Cancel, number: 1);
        Assert.True(_isClosed);
        Assert.False(_peer.TakeServed(1));
    }

    void ILink.Start(ILinkReceiver receiver) => throw new NotSupportedException();

    void ILink.Send(ReadOnlySpan<byte> frame)
    {
        _sent++;
        _whenSent();
    }

    ValueTask ILink.WhenWritable() => ValueTask.CompletedTask;

    void ILink.Close(Exception? reason) => _isClosed = true;

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

    private void Receive(FrameKind kind, ulong number = 0)
    {
        var frame = new byte[FrameHeader.Length];
        new FrameHeader(kind, default, default, 0, number, 0, 0).Write(frame);
        _peer.Received(frame);
    }

    private void Answer(ulong number)
    {
        var writer = new WireWriter(new WireLimits(1024, 8));
        writer.Next(FrameHeader.Length);
        _peer.SendAnswer(writer, number, AnswerStatus.Done);
    }

    private ulong Ask() => _peer.TrySend(
        this, new byte[FrameHeader.Length], new FrameHeader(FrameKind.Question, default, default, 0, 0, 0, 0));
}
