using Aedile.Tests.Counters;
using Aedile.Tests.Hosting;
using Xunit.Runner.InProc.SystemConsole;

// The tests, or what some of them start as a process of its own.
return args switch
{
    [CounterSilo.Command, .. var rest] => await CounterSilo.Run(rest),
    [BlockedPool.Command, .. var rest] => await BlockedPool.Run(rest),
    _ => await ConsoleRunner.Run(args),
};
