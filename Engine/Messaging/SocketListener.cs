using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Aedile.Engine.Messaging;

/// <summary>A listening socket.</summary>
internal sealed class SocketListener(IConnectionListener listener, Func<ConnectionContext, Task> accepted) : IListener
{
    private Task _accepting = Task.CompletedTask;

    public IPEndPoint Address => (IPEndPoint)listener.EndPoint;

    public void Start() => _accepting = Accept();

    public async ValueTask DisposeAsync()
    {
        await listener.UnbindAsync();
        await _accepting;
        await listener.DisposeAsync();
    }

    private async Task Accept()
    {
        // Each one goes its own way: a stranger who takes long must not keep the others waiting.
        while (await listener.AcceptAsync() is { } connection) _ = accepted(connection);
    }
}
