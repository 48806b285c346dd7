using Aedile.Tests.Counters;
using Xunit.Runner.InProc.SystemConsole;

// The tests, or the counter silo that some of them start as a process of its own.
return args is [CounterSilo.Command, ..] ? await CounterSilo.Run(args[1..]) : await ConsoleRunner.Run(args);
