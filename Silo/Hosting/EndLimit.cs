namespace Aedile.Silo.Hosting;

/// <summary>Ends a process that has stopped and still does not end: a database that hangs can hold it.</summary>
internal static class EndLimit
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Keeps the process to 5 s from the moment at which its services have stopped, for which the host has a limit of
    /// its own; it then ends with its exit code, or with 1 if that is 0.
    /// </summary>
    public static void Keep(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(
        // A thread of its own: those of the pool may be what hangs.
        static () => new Thread(WaitAndEnd) { IsBackground = true, Name = "end limit" }.Start());

    private static void WaitAndEnd()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Length);
        Console.Error.WriteLine($"The silo has stopped, but did not end within {Length.TotalSeconds} s: it is ended.");
        Environment.Exit(Environment.ExitCode == 0 ? 1 : Environment.ExitCode);
    }
}
