using System.Threading.Channels;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Asks for a silo's view of the fleet to be brought up to date now. Thread-safe.</summary>
internal sealed class ViewSignal
{
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks.</summary>
    public void Request() => _wanted.Writer.TryWrite(true);

    /// <summary>Waits until somebody asks.</summary>
    public async Task Wait(CancellationToken cancellation) => await _wanted.Reader.WaitToReadAsync(cancellation);

    /// <summary>Whoever asked until now is about to be served.</summary>
    public void Take() => _wanted.Reader.TryRead(out _);
}
