using System.Diagnostics;
using System.Globalization;

namespace Aedile.Benchmarks.Git;

/// <summary>Ends processes and all that descend from them.</summary>
internal static class ProcessTree
{
    /// <summary>Asks the process to end (SIGINT or SIGTERM) and kills what is left after 10 s.</summary>
    public static async Task End(Process process, string signal)
    {
        if (process.HasExited) return;
        using var kill = Process.Start(
            "sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try { await process.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
    }
}
