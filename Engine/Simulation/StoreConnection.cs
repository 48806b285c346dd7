using System.Data.Common;

namespace Aedile.Engine.Simulation;

/// <summary>
/// How one process reaches the database. A statement that was sent takes effect whether or not its sender still lives
/// or waits, and however late; its answer may be lost.
/// </summary>
internal sealed class StoreConnection(
    SimulatedStore store, SimulatedProcess process, string machine, Chance chance)
{
    // As the providers' default, but shorter than a run.
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    private SimulatedScheduler Scheduler => store.Scheduler;

    /// <summary>Runs a statement, all at once.</summary>
    /// <exception cref="StoreException">It failed; whether it ran is unknown unless the text says so.</exception>
    public async Task<T> Run<T>(string what, Func<SimulatedStore, T> statement)
    {
        Scheduler.AssertInside($"store: {what}");
        if (!process.IsAlive) await SimulatedProcess.Never<T>();
        Scheduler.Trace.Add(process.Name, "store", what);
        var fault = store.Trouble.IsOn && chance.OneIn(store.Trouble.FailOneIn) ? chance.Below(3) : -1;
        if (fault == 0) throw new StoreException("The database refused the connection: nothing was changed.");
        var answer = SimulatedProcess.Source<T>();
        Later(() => store.Arrive(machine, () => Execute(what, statement, fault, answer)));
        await using var limit = process.Time.CreateTimer(
            _ => answer.TrySetException(new StoreException($"No answer within {CommandTimeout.TotalSeconds} s.")), null,
            CommandTimeout, Timeout.InfiniteTimeSpan);
        return await answer.Task;
    }

    private void Execute<T>(string what, Func<SimulatedStore, T> statement, int fault, TaskCompletionSource<T> answer)
    {
        if (fault == 1)
        {
            Answer(() => answer.TrySetException(new StoreException("The connection broke: the outcome is unknown.")));
            return;
        }
        var result = statement(store);
        Scheduler.Trace.Add("store", "ran", what);
        if (fault == 2)
            Answer(() => answer.TrySetException(new StoreException("The connection broke: the outcome is unknown.")));
        else Answer(() => answer.TrySetResult(result));
    }

    // An answer is lost like a question: behind a cut it waits.
    private void Answer(Action arrive) => Later(() => store.Arrive(machine, () => process.Post(arrive)));

    private void Later(Action act)
    {
        var isSlow = store.Trouble.IsOn && chance.OneIn(store.Trouble.SlowOneIn);
        var time = isSlow
            ? chance.Between(TimeSpan.FromMilliseconds(5), store.Trouble.SlowMost)
            : chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(2));
        Scheduler.At(Scheduler.Now + time, Scheduler.Outside, act);
    }
}

/// <summary>A statement failed.</summary>
internal sealed class StoreException(string message) : DbException(message);
