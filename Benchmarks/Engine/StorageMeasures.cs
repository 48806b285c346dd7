using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Aedile.Benchmarks.Engine;

/// <summary>How many state writes a second reach the disk.</summary>
internal sealed class StorageMeasures(TimeProvider clock)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// So many grains write as fast as they can, for 2 s after 1 s of warm-up; each write is durable when it returns.
    /// </summary>
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

    /// <summary>How many updates of one row a plain connection commits: what this disk and database allow.</summary>
    public async Task<double> PlainCommits()
    {
        await using var database = await PostgresUnderTest.Start(clock);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await Execute("CREATE TABLE plain (value bigint)");
        await Execute("INSERT INTO plain VALUES (0)");
        await using var update = new NpgsqlCommand("UPDATE plain SET value = value + 1", connection);
        await update.PrepareAsync();
        await Loop(WarmUp);
        return await Loop(LoopTime) / LoopTime.TotalSeconds;

        async Task<int> Loop(TimeSpan time)
        {
            var began = clock.GetTimestamp();
            var count = 0;
            for (; clock.GetElapsedTime(began) < time; count++) await update.ExecuteNonQueryAsync();
            return count;
        }

        async Task Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<double> Writes(int grains, string invariant, string connectionString)
    {
        await using var host = SiloHost.Build(new SiloSeams(), silo => silo.AddAdoNetGrainStorageAsDefault(
            options => (options.Invariant, options.ConnectionString) = (invariant, connectionString)));
        await host.Start(CancellationToken.None);
        await Loops(WarmUp);
        var rate = await Loops(LoopTime);
        await host.Stop(CancellationToken.None);
        return rate;

        async Task<double> Loops(TimeSpan time)
        {
            var began = clock.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(0, grains)
                .Select(i => Loop(host.Grains.GetGrain<IStoreGrain>(i), began, time)));
            return counts.Sum() / clock.GetElapsedTime(began).TotalSeconds;
        }
    }

    private async Task<int> Loop(IStoreGrain grain, long began, TimeSpan time)
    {
        var writes = 0;
        while (clock.GetElapsedTime(began) < time)
        {
            await grain.Increment();
            writes++;
        }

        return writes;
    }
}
