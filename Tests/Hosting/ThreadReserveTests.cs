using System.Globalization;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hosting;

/// <summary>Goal: a silo answers although a library blocks as many threads as there are.</summary>
public sealed class ThreadReserveTests
{
    // By itself the pool takes half a second for each of them.
    private const int Blocked = 40;

    [Fact]
    public async Task An_item_behind_forty_blocked_threads_runs_within_three_seconds()
    {
        var process = await new Command(
            "dotnet", typeof(ThreadReserveTests).Assembly.Location, BlockedPool.Command, $"{Blocked}").Run();
        process.MustSucceed();
        var waited = double.Parse(process.Output, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper!.WriteLine($"it waited {waited} ms");
        Assert.True(waited < 3_000, $"it waited {waited} ms");
    }
}
