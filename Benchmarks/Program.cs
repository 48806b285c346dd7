using Aedile.Benchmarks.Engine;

// Each benchmark is a command of its own; Benchmarks/run builds and starts it.
return args switch
{
    ["engine", .. var rest] => await EngineBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Benchmarks/run engine [rounds]");
    return 64;
}
