using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Aedile.Engine.Turns;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aedile.Engine.Messaging;

/// <summary>The network of real sockets, over Kestrel's transport.</summary>
internal sealed class SocketNetwork : INetwork, IDisposable
{
    private const int LinuxTcp = 6;
    private const int LinuxTcpUserTimeout = 18;

    private readonly LinkLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILinkSecurity _security;
    private readonly SocketTransportFactory _listeners;
    private readonly SocketConnectionContextFactory _connections;
    private readonly ILogger _log;

    public SocketNetwork(LinkLimits limits, TimeProvider clock, ILoggerFactory logs, ILinkSecurity? security = null)
    {
        _limits = limits;
        _clock = clock;
        _security = security ?? new PlainLinks();
        _log = logs.CreateLogger<SocketNetwork>();

        // Inline: what arrives is only taken apart and handed on, so a thread of its own would cost more than it.
        _listeners = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions
            {
                UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false,
            }), logs);
        _connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false,
            }, logs.CreateLogger<SocketConnectionContextFactory>());
    }

    /// <summary>Makes the network of a silo or client: with TLS when its services have that.</summary>
    /// <param name="services">Of the silo or client.</param>
    /// <param name="clock">For limits of time.</param>
    /// <param name="messageBytesMax">The largest message.</param>
    public static SocketNetwork Of(IServiceProvider services, TimeProvider clock, int messageBytesMax) => new(
        new LinkLimits
        {
            FrameBytes = (int)Math.Min((long)messageBytesMax + LinkLimits.EnvelopeBytes, Array.MaxLength),
        },
        clock, services.GetRequiredService<ILoggerFactory>(), services.GetService<ILinkSecurity>());

    /// <summary>
    /// Lets the kernel notice that the other machine is gone, or has forgotten the connection: without it a link whose
    /// end was lost on the way would stand for ever.
    /// </summary>
    /// <remarks>Silence is asked about after 5 s, each second, 3 times; sent bytes must be taken within 10 s.</remarks>
    public static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(LinuxTcp, LinuxTcpUserTimeout, BitConverter.GetBytes(10_000));
    }

    public async Task<ILink> Connect(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket); // Before it is connected: of a socket that was reset it would fail.
            await socket.ConnectAsync(address, cancellation);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw error.SocketErrorCode == SocketError.ConnectionRefused
                ? new ConnectionRefusedException(address, error)
                : new IOException($"Could not connect to {address}: {error.Message}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        ConnectionContext connection;
        using (FlowSuppression.Begin()) connection = _connections.Create(socket);
        try
        {
            return Link(connection, await _security.SecureDialled(connection, address, cancellation));
        }
        catch
        {
            connection.Abort();
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<IListener> Listen(
        IPEndPoint address, Action<ILink> accepted, CancellationToken cancellation)
    {
        try
        {
            var listener = new SocketListener(
                await _listeners.BindAsync(address, cancellation), connection => Accept(connection, accepted));
            using (FlowSuppression.Begin()) listener.Start();
            return listener;
        }
        catch (Exception error) when (error is SocketException or AddressInUseException)
        {
            throw new IOException($"Can't listen at {address}: {error.Message}", error);
        }
    }

    public void Dispose() => _connections.Dispose();

    private async Task Accept(ConnectionContext connection, Action<ILink> accepted)
    {
        try
        {
            if (connection.Features.Get<IConnectionSocketFeature>() is { } feature) KeepAlive(feature.Socket);
            accepted(Link(connection, await _security.SecureAccepted(connection)));
        }
        catch (Exception error)
        {
            // Whoever it was, it is gone; the next one must be served.
            _log.LinkNotSecured(connection.RemoteEndPoint, error.Message);
            connection.Abort();
            await connection.DisposeAsync();
        }
    }

    private SocketLink Link(ConnectionContext connection, IDuplexPipe pipe) =>
        new(connection, pipe, _limits, _clock);
}
