using System.Globalization;
using Aedile.Benchmarks.Clone;
using Aedile.Benchmarks.Push;
#if BUNDLED_ENGINE
using Aedile.Benchmarks.Engine;
#endif

// Each benchmark is a command of its own; Benchmarks/run builds and starts it. A bar that is missed is exit code 1.
return args switch
{
#if BUNDLED_ENGINE
    ["engine", .. var rest] => await EngineBenchmark.Run(rest),
#endif
    ["push"] => await PushBenchmark.Run(rounds: 100),
    ["push", var rounds] when Count(rounds) is { } count => await PushBenchmark.Run(count),
    ["clone"] => await CloneBenchmark.Run(rounds: 11),
    ["clone", var rounds] when Count(rounds) is { } count => await CloneBenchmark.Run(count),
    _ => Usage(),
};

static int? Count(string text) =>
    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 10_000
        ? count : null;

static int Usage()
{
    Console.Error.WriteLine("usage: Benchmarks/run push|clone|engine [rounds]");
    return 64;
}
