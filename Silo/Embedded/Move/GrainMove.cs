using System.Text.Json;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Storage;

namespace Aedile.Silo.Embedded.Move;

/// <summary>
/// Writes the state of every grain into the fleet's database, by the engine's own storage: the two databases find a
/// grain's row by different hashes, and only the engine knows them. The state itself is taken as the JSON that it is.
/// </summary>
internal sealed class GrainMove(SiloDatabase from, SiloDatabase to)
{
    private const int AtOnce = 64;

    /// <summary>Copies all of it.</summary>
    /// <returns>How many grains.</returns>
    public async Task<int> Run(CancellationToken cancellation)
    {
        await using (var connection = await to.Open(cancellation))
        {
            await connection.Execute(to.Sql("Move/create_storage_table"), cancellation);
            await connection.Execute(to.Sql("Move/create_storage_index"), cancellation);
        }

        var host = MakeHost();
        // Its storage can only be disposed of so; the interface doesn't say that a host can.
        await using var end = (IAsyncDisposable)host;
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>(SiloProgram.GrainStorageName);
        var grains = await from.Query(
            from.Sql("Move/read_grain_state"),
            row => (State: row.GetString(0), Key: row.GetString(1), Json: row.GetFieldValue<byte[]>(2)));
        foreach (var some in grains.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.WhenAll(some.Select(one => Write(storage, one.State, one.Key, one.Json)));
        }

        return grains.Length;
    }

    // The storage looks at the key alone: which type of grain has it, the state's name says.
    private static Task Write(IGrainStorage storage, string state, string key, byte[] json) =>
        storage.WriteStateAsync(
            state, GrainId.Create(state, key),
            new GrainState<JsonElement>(JsonSerializer.Deserialize<JsonElement>(json)));

    // Never started: it joins nothing.
    private IHost MakeHost()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo => SiloProgram.UseFleetStorage(silo, to));
        return builder.Build();
    }
}
