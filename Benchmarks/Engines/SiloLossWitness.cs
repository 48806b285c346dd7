namespace Aedile.Benchmarks.Engines;

/// <summary>A caller that has calls under way at a silo when it is killed, and then calls its grains again.</summary>
/// <param name="victim">Name of the silo.</param>
/// <param name="clock">Measures.</param>
internal sealed class SiloLossWitness(string victim, TimeProvider clock)
{
    private const int UnderWay = 20;
    private const int CalledAgain = 30;

    // So long a call under way may last: more than a minute would only say that nobody noticed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Until calls have surely arrived, and what is called again has been called.
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2);

    private List<Task<long>> _underWay = [];
    private List<IPingGrain> _calledAgain = [];

    /// <summary>Has calls under way.</summary>
    /// <param name="grains">Those that live in the silo.</param>
    public async Task Begin(List<IPingGrain> grains)
    {
        _underWay = [.. grains.Take(UnderWay).Select(EndOf)];
        _calledAgain = grains[UnderWay..(UnderWay + CalledAgain)];
        await Task.Delay(Lead, clock);
    }

    /// <summary>Measures from now on: the silo has just been killed.</summary>
    /// <returns>How long it took until all its grains answered new calls, and until calls under way failed.</returns>
    public async Task<(TimeSpan Answered, TimeSpan Failed)> End()
    {
        var killed = clock.GetTimestamp();
        var answered = await Task.WhenAll(_calledAgain.Select(grain => FirstAnswer(grain, killed)));
        var ends = await Task.WhenAll(_underWay);
        return (answered.Max(), ends.Max(end => clock.GetElapsedTime(killed, end)));
    }

    private async Task<long> EndOf(IPingGrain grain)
    {
        try
        {
            await grain.Linger(Limit);
        }
        catch (Exception)
        {
            // Of whatever kind: it is known that there will be no answer.
        }

        return clock.GetTimestamp();
    }

    // A new call every few milliseconds, whatever became of the ones before.
    private async Task<TimeSpan> FirstAnswer(IPingGrain grain, long killed)
    {
        var first = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!first.Task.IsCompleted)
        {
            if (clock.GetElapsedTime(killed) > Limit) return Limit;
            _ = Try();
            await Task.WhenAny(first.Task, Task.Delay(Pause, clock));
        }

        return await first.Task;

        async Task Try()
        {
            try
            {
                if (await grain.Where() != victim) first.TrySetResult(clock.GetElapsedTime(killed));
            }
            catch (Exception)
            {
                // The next one may find it.
            }
        }
    }
}
