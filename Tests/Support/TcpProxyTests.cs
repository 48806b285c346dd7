using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aedile.Tests.Support;

/// <summary>Goal: the proxy of the chaos tests loses what it is told to, the way it is told, and no more.</summary>
public sealed class TcpProxyTests : IAsyncDisposable
{
    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private readonly int _port = PortRange.Take(1);
    private readonly TcpProxy _proxy;

    public TcpProxyTests()
    {
        _target.Start();
        _proxy = new TcpProxy(
            _port, ((IPEndPoint)_target.LocalEndpoint).Port,
            bytes => bytes.Length == 0 ? null : $"{(char)bytes.Span[0]}");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task What_is_held_arrives_later_and_whole()
    {
        var (near, far) = await Connect("a");
        _proxy.Lose((_, up) => up ? Loss.Hold : Loss.None);
        await near.SendAsync("1"u8.ToArray(), Ct);
        await far.SendAsync("back"u8.ToArray(), Ct);
        Assert.Equal("back", await Read(near, 4));
        Assert.Equal(0, far.Available);
        _proxy.Lose((_, _) => Loss.None);
        Assert.Equal("1", await Read(far, 1));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_swallowed_is_lost_for_ever_on_that_connection_and_on_no_other()
    {
        var (near, far) = await Connect("a");
        var (other, otherFar) = await Connect("b");
        _proxy.Lose((name, up) => name == "a" && up ? Loss.Swallow : Loss.None);
        await near.SendAsync("1"u8.ToArray(), Ct);
        await other.SendAsync("2"u8.ToArray(), Ct);
        Assert.Equal("2", await Read(otherFar, 1));
        await Eventually.True("the byte has come to the proxy", TimeSpan.FromSeconds(20), () =>
            Task.FromResult(_proxy.Swallowed == 1));
        _proxy.Lose((_, _) => Loss.None);
        await near.SendAsync("3"u8.ToArray(), Ct);
        await far.SendAsync("back"u8.ToArray(), Ct);
        Assert.Equal("back", await Read(near, 4));
        Assert.Equal(0, far.Available);
        var (_, again) = await Connect("a");
        Assert.Equal(0, again.Available);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connections_are_reset_old_ones_and_new_ones_but_of_nobody_else()
    {
        var (near, _) = await Connect("a");
        var (other, otherFar) = await Connect("b");
        _proxy.Lose((name, _) => name == "a" ? Loss.Reset : Loss.None);
        await MustBeReset(near);
        await other.SendAsync("2"u8.ToArray(), Ct);
        Assert.Equal("2", await Read(otherFar, 1));
        await MustBeReset(await Dial("a"));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_end_of_a_stream_is_passed_on()
    {
        var (near, far) = await Connect("a");
        near.Dispose();
        await MustBeReset(far);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _target.Dispose();
    }

    private static async Task<string> Read(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; at += await socket.ReceiveAsync(bytes.AsMemory(at), Ct)) ;
        return Encoding.ASCII.GetString(bytes);
    }

    private static async Task MustBeReset(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Ct));
        }
        catch (SocketException error)
        {
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        }
    }

    private async Task<Socket> Dial(string name)
    {
        var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(IPAddress.Loopback, _port, Ct);
        await near.SendAsync(Encoding.ASCII.GetBytes(name), Ct);
        return near;
    }

    private async Task<(Socket Near, Socket Far)> Connect(string name)
    {
        var near = await Dial(name);
        var far = await _target.AcceptSocketAsync(Ct);
        Assert.Equal(name, await Read(far, name.Length));
        return (near, far);
    }
}
