using System.Net;
using System.Net.Sockets;

namespace Aedile.Tests.Support;

/// <summary>
/// A TCP proxy that loses what it is told to lose. Who connects is told by the first bytes, so that it can treat each
/// differently. Thread-safe.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int PrefixMax = 64 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly Func<ReadOnlyMemory<byte>, string?> _nameOf;
    private readonly Lock _lock = new();
    private readonly HashSet<Connection> _connections = [];
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private Func<string, bool, Loss> _rule = static (_, _) => Loss.None;
    private TaskCompletionSource _changed = NewSignal();
    private long _swallowed;

    /// <summary>Listens on a port of the loopback address.</summary>
    /// <param name="port">Where.</param>
    /// <param name="target">The port that it passes everything on to.</param>
    /// <param name="nameOf">Tells from its first bytes who connects; null: more bytes are needed.</param>
    public TcpProxy(int port, int target, Func<ReadOnlyMemory<byte>, string?> nameOf)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target);
        _nameOf = nameOf;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(200);
        _accepting = Accept();
    }

    /// <summary>How many bytes it has swallowed.</summary>
    public long Swallowed => Interlocked.Read(ref _swallowed);

    /// <summary>Changes what is lost, for new connections and for those there are.</summary>
    /// <param name="rule">By who connected, and whether the bytes go from there to the target or back.</param>
    public void Lose(Func<string, bool, Loss> rule)
    {
        TaskCompletionSource changed;
        List<Connection> connections;
        lock (_lock)
        {
            _rule = rule;
            changed = _changed;
            _changed = NewSignal();
            connections = [.. _connections];
        }

        foreach (var one in connections.Where(one => one.Name is { } name && IsReset(name))) one.Reset();
        changed.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting;
        List<Connection> connections;
        lock (_lock) connections = [.. _connections];
        foreach (var connection in connections) connection.Reset();
        _over.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsReset(string name)
    {
        Func<string, bool, Loss> rule;
        lock (_lock) rule = _rule;
        return rule(name, true) == Loss.Reset || rule(name, false) == Loss.Reset;
    }

    private async Task Accept()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                _ = Serve(new Connection(await _listener.AcceptAsync(_over.Token)));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException
                or ObjectDisposedException)
            {
                // The proxy ends, or whoever connected has gone already.
            }
        }
    }

    private async Task Serve(Connection connection)
    {
        lock (_lock) _connections.Add(connection);
        try
        {
            if (await FirstBytes(connection) is not { } first) return;
            if (IsReset(connection.Name!)) return;
            await connection.Connect(_target, _over.Token);
            var there = Pump(connection, up: true, first);
            var back = Pump(connection, up: false, ReadOnlyMemory<byte>.Empty);
            await Task.WhenAny(there, back);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // One end is gone, so the other one is cut off too.
        }
        finally
        {
            connection.Reset();
            lock (_lock) _connections.Remove(connection);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> FirstBytes(Connection connection)
    {
        var bytes = new byte[PrefixMax];
        for (var count = 0; count < bytes.Length;)
        {
            connection.Name = _nameOf(bytes.AsMemory(0, count));
            if (connection.Name is not null) return bytes.AsMemory(0, count);
            var read = await connection.From(up: true).ReceiveAsync(bytes.AsMemory(count), _over.Token);
            if (read == 0) return null;
            count += read;
        }

        return null;
    }

    private async Task Pump(Connection connection, bool up, ReadOnlyMemory<byte> first)
    {
        var (from, to) = (connection.From(up), connection.From(!up));
        var buffer = new byte[64 * 1024];
        var isLost = false;
        for (var bytes = first; ; bytes = default)
        {
            if (bytes.IsEmpty)
            {
                bytes = buffer.AsMemory(0, await Receive(from, buffer));

                // The end of a stream is lost like any other bytes.
                if (bytes.IsEmpty && !isLost && await Passes(connection.Name!, up)) return;
                if (bytes.IsEmpty) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _over.Token);
            }

            isLost = isLost || !await Passes(connection.Name!, up);
            if (isLost) Interlocked.Add(ref _swallowed, bytes.Length);
            while (!isLost && !bytes.IsEmpty) bytes = bytes[await to.SendAsync(bytes, _over.Token)..];
        }
    }

    private async Task<int> Receive(Socket from, byte[] buffer)
    {
        try
        {
            return await from.ReceiveAsync(buffer.AsMemory(), _over.Token);
        }
        catch (SocketException)
        {
            return 0; // A reset is an end too.
        }
    }

    // Waits while bytes are held; false when they are lost.
    private async Task<bool> Passes(string name, bool up)
    {
        while (true)
        {
            Task changed;
            Func<string, bool, Loss> rule;
            lock (_lock) (changed, rule) = (_changed.Task, _rule);
            var loss = rule(name, up);
            if (loss != Loss.Hold) return loss == Loss.None;
            await changed.WaitAsync(_over.Token);
        }
    }

    private sealed class Connection(Socket near) : IDisposable
    {
        private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };

        public string? Name { get; set; }

        public async Task Connect(IPEndPoint target, CancellationToken cancellation)
        {
            near.NoDelay = true;
            await _far.ConnectAsync(target, cancellation);
        }

        public Socket From(bool up) => up ? near : _far;

        public void Reset() => Dispose();

        // Without waiting for what is on its way: that is a reset.
        public void Dispose()
        {
            near.Close(0);
            _far.Close(0);
        }
    }
}
