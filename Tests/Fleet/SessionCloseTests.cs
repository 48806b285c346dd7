using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a session ends with its whole reason, however long that is.</summary>
public sealed class SessionCloseTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(123)]
    [InlineData(124)]
    [InlineData(4000)]
    public async Task A_goodbye_of_any_length_arrives_and_closes_the_socket(int length)
    {
        var ct = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, ct);
        using var accepted = await listener.AcceptTcpClientAsync(ct);
        using var agent = WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions());
        using var silo = WebSocket.CreateFromStream(
            accepted.GetStream(), new WebSocketCreationOptions { IsServer = true });
        var reason = new string('x', length);
        await new SessionChannel(silo).Close(reason, retry: false, ct);
        var theirs = new SessionChannel(agent);
        Assert.Equal(reason, Assert.IsType<SessionMessage.GoAway>(await theirs.Receive(ct)).Reason);
        Assert.Null(await theirs.Receive(ct));
    }

    [Fact]
    public void A_reason_is_cut_between_characters()
    {
        var cut = CloseText.Of(string.Concat(Enumerable.Repeat("ü€😀", 40)));
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), CloseText.BytesMax - 3, CloseText.BytesMax);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)));
    }
}
