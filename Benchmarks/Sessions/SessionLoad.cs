using System.Globalization;
using Aedile.Client.Fleet;

namespace Aedile.Benchmarks.Sessions;

/// <summary>
/// The process that plays many agents. It says <c>open</c> when all sessions stand, and answers each line that it reads
/// with its counts: messages heard, whole changes of copies, sessions that ended.
/// </summary>
internal static class SessionLoad
{
    /// <summary>Its command.</summary>
    public const string Command = "sessions-load";

    private const int OpeningMax = 32;
    private const int Slices = 50;

    /// <summary>Runs until its input ends.</summary>
    public static async Task<int> Run(Uri silo, AgentProofs proofs, int count)
    {
        var sessions = Enumerable.Range(1, count).Select(i => NodeName.Parse(NameOf(i)))
            .Select(node => new LoadSession(node, silo, proofs.For(node))).ToList();
        using var stop = new CancellationTokenSource();
        var opened = new bool[count];
        var beating = Beat(sessions, opened, stop.Token);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpeningMax }, async (i, ct) =>
        {
            await sessions[i].Open(ct);
            opened[i] = true;
        });
        Console.WriteLine("open");
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sessions.Sum(s => s.Heard)} {sessions.Sum(s => s.Changes)} {sessions.Count(s => s.HasEnded)}"));
        }

        await stop.CancelAsync();
        await beating;
        foreach (var session in sessions) session.Dispose();
        return 0;
    }

    /// <summary>Name of a node; its agent's identity has the same.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number:D5}");

    // Each session once a second, all of them spread over it, as agents are that started at different times.
    private static async Task Beat(List<LoadSession> sessions, bool[] opened, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / Slices, TimeProvider.System);
        try
        {
            for (var slice = 0; await timer.WaitForNextTickAsync(stop); slice = (slice + 1) % Slices)
            {
                for (var i = slice; i < sessions.Count; i += Slices)
                    if (opened[i] && !sessions[i].HasEnded) _ = sessions[i].Beat();
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
