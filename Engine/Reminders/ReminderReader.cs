using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Reminders;

/// <summary>
/// Decides when the table is read: at start, with each new view, once a period, and when somebody asks for it. One read
/// at a time; what asks for one meanwhile gets one more. A read that fails is repeated, soon at first.
/// </summary>
internal sealed class ReminderReader(
    Func<long, CancellationToken, Task> read, IRouter? router, Silo silo, TimeSpan period, ILogger log) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _asked = NewSignal();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Factory.StartNew(
        Run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, silo.Seams.Scheduler).Unwrap();

    public async Task Stop()
    {
        _stopping.Cancel();
        await _running;
    }

    /// <summary>Asks for one more read. Any thread.</summary>
    public void ReadSoon()
    {
        lock (_lock) _asked.TrySetResult();
    }

    public void Dispose() => _stopping.Cancel();

    private static TaskCompletionSource NewSignal() => new(Continuations.Elsewhere);

    private async Task Run()
    {
        var retry = FirstRetry;
        while (!_stopping.IsCancellationRequested && !silo.HasCrashed)
        {
            // Taken before the read: what comes while it runs asks for the next one.
            var view = router?.ViewVersion ?? 0;
            Task asked;
            lock (_lock)
            {
                if (_asked.Task.IsCompleted) _asked = NewSignal();
                asked = _asked.Task;
            }

            var wait = period;
            try
            {
                await read(view, _stopping.Token);
                retry = FirstRetry;
            }
            catch (Exception error) when (!_stopping.IsCancellationRequested)
            {
                wait = retry < period ? retry : period;
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
                asked = Never; // Who asks while the database is away must not hurry it.
                log.ReadFailed(error, wait);
            }
            catch (Exception)
            {
                return; // The silo stops: whatever the read says doesn't matter any more.
            }

            await Wait(view, asked, wait);
        }
    }

    private async Task Wait(long view, Task asked, TimeSpan longest)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var newView = router?.WhenNewerThan(view, over.Token) ?? asked;
        await Task.WhenAny(asked, newView, Task.Delay(longest, silo.Clock, over.Token));
        over.Cancel();
    }
}
