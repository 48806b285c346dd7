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

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _asked;
    private bool _isAsked;
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
        TaskCompletionSource? waits;
        lock (_lock)
        {
            _isAsked = true;
            waits = _asked;
        }

        waits?.TrySetResult();
    }

    public void Dispose() => _stopping.Cancel();

    private async Task Run()
    {
        var retry = FirstRetry;
        while (!_stopping.IsCancellationRequested && !silo.HasCrashed)
        {
            // Both taken before the read: what comes while it runs asks for the next one.
            var view = router?.ViewVersion ?? 0;
            lock (_lock) _isAsked = false;
            var (wait, hurries) = (period, true);
            try
            {
                await read(view, _stopping.Token);
                retry = FirstRetry;
            }
            catch (Exception error) when (!_stopping.IsCancellationRequested)
            {
                wait = retry < period ? retry : period;
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
                hurries = false; // Who asks while the database is away must not wear it out.
                log.ReadFailed(error, wait);
            }
            catch (Exception)
            {
                return; // The silo stops: whatever the read says doesn't matter any more.
            }

            await Wait(view, hurries, wait);
        }
    }

    private async Task Wait(long view, bool hurries, TimeSpan longest)
    {
        var asked = new TaskCompletionSource(Continuations.Elsewhere);
        lock (_lock)
        {
            if (_isAsked && hurries) return;
            _asked = hurries ? asked : null;
        }

        // Not by cancelling the delay: its task would hand what waits for it to the thread pool, and a simulated run
        // could not be repeated.
        using var stopped = _stopping.Token.UnsafeRegister(
            static wake => ((TaskCompletionSource)wake!).TrySetResult(), asked);
        using var over = new CancellationTokenSource();
        var newView = router?.WhenNewerThan(view, over.Token) ?? asked.Task;
        await Task.WhenAny(asked.Task, newView, Task.Delay(longest, silo.Clock, over.Token));
        over.Cancel();
    }
}
