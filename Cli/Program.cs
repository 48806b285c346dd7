using System.CommandLine;
using Aedile.Cli;
using Aedile.Cli.Session;

var terminal = new Terminal(Console.In, Console.Out, Console.Error, Console.IsInputRedirected);
var root = CommandTree.Make(
    new CommandFrame(terminal, SessionFile.Default(Environment.GetEnvironmentVariable), TimeProvider.System));
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) terminal.Complain(error.Message);
    terminal.Complain("Ask with --help.");
    return (int)ExitCode.Usage;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => pressed.Cancel = Stop();
var how = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
return await Failures.Tell(terminal, () => parsed.InvokeAsync(how, stop.Token));

bool Stop()
{
    stop.Cancel();
    return true;
}
