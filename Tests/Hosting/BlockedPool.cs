using System.Globalization;
using Aedile.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Hosting;

/// <summary>
/// A process that blocks threads of its pool, and says how long an item waits behind them:
/// <c>Tests blocked-pool THREADS</c>.
/// </summary>
internal static class BlockedPool
{
    /// <summary>The first argument.</summary>
    public const string Command = "blocked-pool";

    /// <summary>Runs to its end, and prints the milliseconds.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        var clock = TimeProvider.System;
        using var reserve = new ThreadReserve(clock, NullLogger<ThreadReserve>.Instance);
        await reserve.StartAsync(CancellationToken.None);
        using var release = new ManualResetEventSlim();
        using var ran = new ManualResetEventSlim();
        for (var i = int.Parse(arguments[0], CultureInfo.InvariantCulture); i > 0; i--)
            ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
        var began = clock.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(_ => ran.Set(), null);
        ran.Wait();
        Console.WriteLine(clock.GetElapsedTime(began).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        release.Set();
        return 0;
    }
}
