using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Microsoft.Data.Sqlite;

namespace Aedile.Benchmarks.Engine;

/// <summary>How many state writes a second reach the disk through SQLite.</summary>
internal sealed class StorageMeasures(TimeProvider clock)
{
    private const string Invariant = "Microsoft.Data.Sqlite";

    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(1);

    /// <summary>So many grains write as fast as they can for a second; each write is durable when it returns.</summary>
    public async Task<double> Writes(int grains)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        var folder = Directory.CreateTempSubdirectory("aedile-bench-");
        try
        {
            await using var host = SiloHost.Build(new SiloSeams(), silo => silo.AddAdoNetGrainStorageAsDefault(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = $"Data Source={Path.Combine(folder.FullName, "state.db")}";
            }));
            await host.Start(CancellationToken.None);
            var begin = clock.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(0, grains)
                .Select(i => Loop(host.Grains.GetGrain<IStoreGrain>(i), begin)));
            var rate = counts.Sum() / clock.GetElapsedTime(begin).TotalSeconds;
            await host.Stop(CancellationToken.None);
            return rate;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> Loop(IStoreGrain grain, long begin)
    {
        var writes = 0;
        while (clock.GetElapsedTime(begin) < LoopTime)
        {
            await grain.Increment();
            writes++;
        }

        return writes;
    }
}
