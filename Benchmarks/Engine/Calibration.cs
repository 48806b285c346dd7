using System.Threading.Channels;

namespace Aedile.Benchmarks.Engine;

/// <summary>How fast this machine is right now: two tasks that hand a number back and forth over channels.</summary>
/// <remarks>A result divided by this can be compared with one from another machine, or another hour.</remarks>
internal static class Calibration
{
    /// <returns>Round trips a second.</returns>
    public static async Task<double> Measure(TimeProvider clock, int trips)
    {
        var there = Channel.CreateUnbounded<int>();
        var back = Channel.CreateUnbounded<int>();
        var echo = Echo(there.Reader, back.Writer);
        var begin = clock.GetTimestamp();
        for (var i = 0; i < trips; i++)
        {
            there.Writer.TryWrite(i);
            await back.Reader.ReadAsync();
        }

        var rate = trips / clock.GetElapsedTime(begin).TotalSeconds;
        there.Writer.Complete();
        await echo;
        return rate;
    }

    private static async Task Echo(ChannelReader<int> from, ChannelWriter<int> to)
    {
        await foreach (var value in from.ReadAllAsync()) to.TryWrite(value);
    }
}
