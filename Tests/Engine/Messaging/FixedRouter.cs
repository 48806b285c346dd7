using Aedile.Engine.Placement;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>A router that believes what the test says.</summary>
internal sealed class FixedRouter(SiloAddress self, long view = 1) : IRouter
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _newer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<GrainId, SiloAddress?> _owners = _ => self;
    private long _view = view;

    public SiloAddress Self => self;

    public long ViewVersion => Volatile.Read(ref _view);

    /// <summary>Awaited before a grain may be hosted here.</summary>
    public Func<GrainId, Task> Handover { get; set; } = _ => Task.CompletedTask;

    /// <summary>Says where grains live from now on, as a new view.</summary>
    public void Place(Func<GrainId, SiloAddress?> owners, long? newView = null)
    {
        TaskCompletionSource seen;
        lock (_lock)
        {
            _owners = owners;
            _view = newView ?? _view + 1;
            seen = _newer;
            _newer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        seen.TrySetResult();
    }

    public SiloAddress? OwnerOf(GrainId grain) => _owners(grain);

    public ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation) => new(Handover(grain));

    public async Task WhenNewerThan(long version, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_view > version) return;
                next = _newer.Task;
            }

            await next.WaitAsync(cancellation);
        }
    }
}
