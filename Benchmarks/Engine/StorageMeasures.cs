using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Aedile.Benchmarks.Engine;

/// <summary>How many state writes a second reach the disk.</summary>
internal sealed class StorageMeasures(TimeProvider clock)
{
    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(1);

    /// <summary>So many grains write as fast as they can for a second; each write is durable when it returns.</summary>
    public async Task<double> ToSqlite(int grains)
    {
        DbProviderFactories.RegisterFactory("Microsoft.Data.Sqlite", SqliteFactory.Instance);
        var folder = Directory.CreateTempSubdirectory("aedile-bench-");
        try
        {
            return await Writes(
                grains, "Microsoft.Data.Sqlite", $"Data Source={Path.Combine(folder.FullName, "state.db")}");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    /// <inheritdoc cref="ToSqlite"/>
    /// <remarks>On a new database with fsync, synchronous_commit and full_page_writes on.</remarks>
    public async Task<double> ToPostgres(int grains)
    {
        DbProviderFactories.RegisterFactory("Npgsql", NpgsqlFactory.Instance);
        await using var database = await PostgresUnderTest.Start(clock);
        return await Writes(grains, "Npgsql", database.ConnectionString);
    }

    private async Task<double> Writes(int grains, string invariant, string connectionString)
    {
        await using var host = SiloHost.Build(new SiloSeams(), silo => silo.AddAdoNetGrainStorageAsDefault(
            options => (options.Invariant, options.ConnectionString) = (invariant, connectionString)));
        await host.Start(CancellationToken.None);
        var begin = clock.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, grains)
            .Select(i => Loop(host.Grains.GetGrain<IStoreGrain>(i), begin)));
        var rate = counts.Sum() / clock.GetElapsedTime(begin).TotalSeconds;
        await host.Stop(CancellationToken.None);
        return rate;
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
