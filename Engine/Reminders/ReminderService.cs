using System.Collections.Immutable;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Aedile.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>Sends the ticks of the reminders whose grains this silo owns. One timer serves all of them.</summary>
/// <remarks>
/// The table is read at start, with each new view and every <see cref="ReminderOptions.RefreshReminderListPeriod"/>.
/// Ownership is asked once more before each tick, so that a view which came meanwhile counts.
/// </remarks>
internal sealed class ReminderService : ISiloPart, IDisposable
{
    // Timers hold no more than 49 days; and a clock that was set is noticed after this long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(5);

    private readonly Silo _silo;
    private readonly IReminderStore _store;
    private readonly IRouter? _router;
    private readonly ISiloMessenger? _messenger;
    private readonly ReminderReader _reader;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private ReminderSchedule _schedule = ReminderSchedule.Empty;
    private HashSet<ReminderId>? _changedSinceRead;
    private bool _isRunning;

    public ReminderService(IServiceProvider services, Silo silo, IOptions<ReminderOptions> options)
    {
        _silo = silo;
        _store = services.GetService<IReminderStore>() ?? throw new InvalidOperationException(
            "AddReminders needs a table: call UseAdoNetReminderService or UseInMemoryReminderService too.");
        _router = services.GetService<IRouter>();
        _messenger = services.GetService<ISiloMessenger>();
        _log = services.GetRequiredService<ILogger<ReminderService>>();
        _reader = new ReminderReader(Read, _router, silo, options.Value.RefreshReminderListPeriod, _log);
        _messenger?.Answer<RemindersChanged, RemindersNoted>((_, _, _) =>
        {
            _reader.ReadSoon();
            return Task.FromResult(new RemindersNoted(Count));
        });

        // Without this the context of whoever makes the silo would flow into every tick.
        using var _ = FlowSuppression.Begin();
        _timer = Clock.CreateTimer(
            static self => ((ReminderService)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Stage => ServiceLifecycleStage.RuntimeGrainServices;

    public TimeProvider Clock => _silo.Clock;

    /// <summary>How many reminders this silo serves.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _schedule.Count;
        }
    }

    /// <summary>How many ticks grains serve at the moment.</summary>
    public int OnDelivery
    {
        get
        {
            lock (_lock) return _schedule.OnDelivery;
        }
    }

    public Task Start(CancellationToken cancellationToken)
    {
        lock (_lock) _isRunning = true;
        _reader.Start();
        return Task.CompletedTask;
    }

    /// <remarks>Ticks that are on their way are calls like any other: the silo waits for them at its end.</remarks>
    public async Task Stop(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isRunning = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        await _reader.Stop();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _reader.Dispose();
    }

    /// <summary>Reads the table anew, soon.</summary>
    public void ReadSoon() => _reader.ReadSoon();

    /// <summary>A grain of this silo has changed a reminder in the table.</summary>
    /// <param name="id">Which.</param>
    /// <param name="stored">It as it is now; null when it is gone.</param>
    public Task Changed(ReminderId id, Reminder? stored)
    {
        if (!Owns(id.Grain))
        {
            // Without an owner there will be a new view, and then everybody reads the table.
            return _router!.OwnerOf(id.Grain) is { } owner ? Tell(owner, id) : Task.CompletedTask;
        }

        lock (_lock)
        {
            _changedSinceRead?.Add(id);
            _schedule = stored is null ? _schedule.Remove(id) : _schedule.Put(stored, Clock.GetUtcNow());
            Arm();
        }

        return Task.CompletedTask;
    }

    private bool Owns(GrainId grain) => _router is null || _router.Self.Equals(_router.OwnerOf(grain));

    private async Task Tell(SiloAddress owner, ReminderId id)
    {
        if (_messenger is null) return;
        try
        {
            await _messenger.Ask<RemindersChanged, RemindersNoted>(
                owner, new RemindersChanged(id.Grain.ToString()), TellLimit, CancellationToken.None);
        }
        catch (Exception error) when (error is OrleansException or TimeoutException)
        {
            _log.TellFailed(error, owner, id.Name, id.Grain);
        }
    }

    private async Task Read(long view, CancellationToken cancellation)
    {
        lock (_lock) _changedSinceRead = [];
        var stored = await _store.ReadAll(Owns, cancellation);
        lock (_lock)
        {
            // What changed while the table was read may be in what was read, or not: here it is known for sure.
            _schedule = _schedule.Match(stored, _changedSinceRead!, Clock.GetUtcNow());
            _changedSinceRead = null;
            Arm();
        }

        _log.Read(view, Count);
    }

    private void Fire()
    {
        if (_silo.HasCrashed) return;
        ImmutableArray<Reminder> due;
        lock (_lock)
        {
            if (!_isRunning) return;
            _schedule = _schedule.TakeDue(Clock.GetUtcNow(), out due);
            Arm();
        }

        foreach (var reminder in due)
        {
            _ = Task.Factory.StartNew(
                () => Deliver(reminder), CancellationToken.None, TaskCreationOptions.DenyChildAttach,
                _silo.Seams.Scheduler).Unwrap();
        }
    }

    private async Task Deliver(Reminder reminder)
    {
        var (grain, name) = (reminder.Id.Grain, reminder.Id.Name);
        try
        {
            if (Owns(grain))
            {
                await _silo.GrainFactory.GetGrain<IRemindable>(grain).ReceiveReminder(
                    name, new TickStatus(reminder.StartAt.UtcDateTime, reminder.Period, Clock.GetUtcNow().UtcDateTime));
            }
        }
        catch (Exception error)
        {
            _log.TickFailed(error, name, grain);
        }

        lock (_lock)
        {
            _schedule = _schedule.Delivered(reminder, Clock.GetUtcNow());
            Arm();
        }
    }

    private void Arm()
    {
        if (!_isRunning) return;
        if (_schedule.NextDue is not { } due)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = due - Clock.GetUtcNow();

        // System timers count whole milliseconds; rounding down would wake up early and spin.
        var rounded = Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(rounded), Timeout.InfiniteTimeSpan);
    }
}
