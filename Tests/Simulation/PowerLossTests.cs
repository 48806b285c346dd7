namespace Aedile.Tests.Simulation;

/// <summary>Goal: no acknowledged push is lost, and none is half there, whatever dies, whenever.</summary>
public sealed class PowerLossTests
{
    [Fact]
    public void First() 
    {
        var n = int.Parse(Environment.GetEnvironmentVariable("AEDILE_SEEDS") ?? "10");
        var from = ulong.Parse(Environment.GetEnvironmentVariable("AEDILE_SEED") ?? "1");
        var proxies = new Aedile.Engine.Invocation.ProxyCompiler();
        var keep = n == 1;
        var bad = 0;
        long steps = 0;
        for (var seed = from; seed < from + (ulong)n; seed++)
        {
            var result = new Run(seed, proxies, Sabotage.None, keep).Execute();
            steps += result.Steps;
            if (keep) Console.WriteLine(result.Trace);
            if (result.Violation is not null && bad++ < 30)
                Console.WriteLine($"seed {seed}: {result.Violation} ({result.Decisions} decisions)");
            if (keep) Console.WriteLine($"{result.Hash} {result.Steps} {result.Decisions}");
        }
        Console.WriteLine($"{n} seeds, {bad} bad, {steps} steps");
    }
}
