using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;

namespace Aedile.Benchmarks.Engine;

/// <summary>The rows of the engine's table of bars.</summary>
public static class EngineBenchmark
{
    private const int WarmUpRounds = 2;

    /// <returns>0 when every bar is reached, 1 otherwise.</returns>
    public static Task<int> Run(int rounds) => Run("engine", Measures(TimeProvider.System), rounds);

    /// <summary>Only the rows of calls between processes.</summary>
    /// <inheritdoc cref="Run(int)"/>
    public static Task<int> RunRemote(int rounds) => Run("engine-remote", RemoteMeasures(TimeProvider.System), rounds);

    /// <summary>Only the rows of writes.</summary>
    /// <inheritdoc cref="Run(int)"/>
    public static Task<int> RunStorage(int rounds) =>
        Run("engine-storage", StorageMeasuresOf(TimeProvider.System), rounds);

    private static async Task<int> Run(string name, List<Measure> measures, int rounds)
    {
        var clock = TimeProvider.System;
        var values = measures.ToDictionary(measure => measure, _ => new List<double>());
        var calibrations = new List<double>();

        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            foreach (var measure in measures)
            {
                // Alternately, so that a slow minute of the machine hits both.
                var calibration = await Calibration.Measure(clock, 100_000);
                var value = await measure.Take();
                if (round < 0) continue;
                calibrations.Add(calibration);
                values[measure].Add(value);
            }
        }

        var samples = measures
            .Select(measure => new Sample(
                measure.Name, measure.Unit, measure.Bar, measure.HigherIsBetter, values[measure]))
            .ToList();
        var calibrated = new Sample("calibration: channel ping-pong", "1/s", null, true, calibrations);
        Report.Print([calibrated, .. samples]);
        Report.Save(name, [calibrated, .. samples]);
        return samples.TrueForAll(sample => sample.Reaches is not false) ? 0 : 1;
    }

    private static List<Measure> Measures(TimeProvider clock)
    {
        var calls = new CallMeasures(clock);
        var activations = new ActivationMeasures(clock);
        return
        [
            new("local call, one caller", "1/s", 294_000, true, calls.OneCaller),
            new("local call, one caller that is a grain", "1/s", null, true, calls.OneGrain),
            new("fan-out, WhenAll of 100", "1/s", 742_000, true, calls.FanOut),
            new("100 callers of 100 grains", "1/s", null, true, calls.ClosedLoops),
            new("100 callers of 100 grains: slowest / mean", "ratio", 0.5, true, calls.SlowestCaller),
            new("100 callers of 100 grains: fastest / mean", "ratio", 2, false, calls.FastestCaller),
            .. RemoteMeasures(clock),
            new("activations", "1/s", 74_000, true, activations.Rate),
            new("idle activation", "bytes", 1_700, false, activations.IdleBytes),
            .. StorageMeasuresOf(clock),
            new("silo start to first call", "ms", 1_000, false, () => StartToFirstCall(clock)),
        ];
    }

    private static List<Measure> StorageMeasuresOf(TimeProvider clock)
    {
        var storage = new StorageMeasures(clock);
        return
        [
            new("state write to SQLite, 1 grain", "1/s", null, true, () => storage.ToSqlite(1)),
            new("state write to SQLite, 50 grains", "1/s", null, true, () => storage.ToSqlite(50)),
            new("plain update of a row on one connection to PostgreSQL", "1/s", null, true, storage.PlainCommits),
            new("state write to PostgreSQL, 1 grain", "1/s", 2_080, true, () => storage.ToPostgres(1)),
            new("state write to PostgreSQL, 50 grains", "1/s", 9_690, true, () => storage.ToPostgres(50)),
        ];
    }

    private static List<Measure> RemoteMeasures(TimeProvider clock)
    {
        var remote = new RemoteCallMeasures(clock);
        return
        [
            new("socket ping-pong in one process", "1/s", null, true, () => SocketCalibration.Measure(clock, 20_000)),
            new("client to silo, one caller", "1/s", 26_600, true, remote.ClientOne),
            new("client to silo, one caller: p99", "ms", 0.094, false, remote.P99),
            new("client to silo, one caller: processor time", "us", null, false, remote.ProcessorTime),
            new("client to silo, 100 callers", "1/s", 198_000, true, remote.ClientMany),
            new("client to silo, 100 callers: p99", "ms", 1.5, false, remote.P99),
            new("client to silo, 100 callers: processor time", "us", null, false, remote.ProcessorTime),
            new("silo to silo, one caller that is a grain", "1/s", 16_700, true, remote.SiloOne),
            new("silo to silo, one caller: p99", "ms", 0.118, false, remote.P99),
            new("silo to silo, 100 callers that are grains", "1/s", 178_000, true, remote.SiloMany),
            new("silo to silo, 100 callers: p99", "ms", 3.4, false, remote.P99),
            new("silo to silo, 100 callers: processor time", "us", null, false, remote.ProcessorTime),
        ];
    }

    private static async Task<double> StartToFirstCall(TimeProvider clock)
    {
        var begin = clock.GetTimestamp();
        await using var host = SiloHost.Build(new SiloSeams(), _ => { });
        await host.Start(CancellationToken.None);
        await host.Grains.GetGrain<IEchoGrain>(1).Echo(1);
        var elapsed = clock.GetElapsedTime(begin).TotalMilliseconds;
        await host.Stop(CancellationToken.None);
        return elapsed;
    }

    private sealed record Measure(
        string Name, string Unit, double? Bar, bool HigherIsBetter, Func<Task<double>> Take);
}
