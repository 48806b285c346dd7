using System.Collections.Immutable;
using System.IO.Compression;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;

namespace Aedile.Benchmarks.Model;

/// <summary>What the state costs by itself, in this process.</summary>
internal sealed class StateMeasures(TimeProvider clock)
{
    private const int LookUps = 2_000_000;

    /// <summary>Look-ups by key a second, one thread, entities in random order.</summary>
    public double Reads(int entities)
    {
        var state = Make(entities);
        var keys = state.List(EntityKind.Of<NodeSpec>()).Select(entity => entity.Key).ToArray();
        new Random(1).Shuffle(keys);
        Look(state, keys);
        var began = clock.GetTimestamp();
        Look(state, keys);
        return LookUps / clock.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Seconds to read a snapshot of so many entities, and bytes that one of them takes in memory.</summary>
    public async Task<(double Seconds, double Bytes)> Load(int entities)
    {
        using var content = new MemoryStream();
        await using (var lines = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            await SnapshotText.Write(Make(entities), lines, CancellationToken.None);
        content.Position = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = clock.GetTimestamp();
        await using var compressed = new GZipStream(content, CompressionMode.Decompress);
        var state = await SnapshotText.Read(compressed, CancellationToken.None);
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)entities;
        GC.KeepAlive(state);
        return (seconds, bytes);
    }

    private static void Look(ModelState state, EntityKey[] keys)
    {
        for (var i = 0; i < LookUps; i++)
        {
            if (state.Find(keys[i % keys.Length]) is null) throw new InvalidOperationException("It is not there.");
        }
    }

    private static ModelState Make(int entities)
    {
        ImmutableArray<string> attributes = ["ssd", "zone-a"];
        return ModelState.Load(ModelState.Empty("bench"), Enumerable.Range(0, entities).Select(i =>
        {
            var id = EntityId.Parse($"node-{i}");
            return new Entity(
                EntityKind.Of<NodeSpec>(), id, id.Value, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1,
                Entity.NoTags, new NodeSpec(attributes));
        }));
    }
}
