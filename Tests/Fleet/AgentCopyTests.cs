using System.Net;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a real agent's copy follows the model, outlives silos and agent, and is mended when it is
/// damaged.</summary>
public sealed class AgentCopyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static Task<CopyResource> Copy(SiloSet set) => set.GetFromAgent<CopyResource>(1, "/v1/model");

    private static Task UntilCopied(SiloSet set, Func<CopyResource, bool> isSo) => Eventually.True(
        "the copy is so", Limit, async () => isSo(await Copy(set)));

    private static async Task<bool> Has(SiloSet set, string node)
    {
        try
        {
            return (await set.GetFromAgent<Entity>(1, $"/v1/model/node/{node}")).Id.Value == node;
        }
        catch (HttpRequestException error) when (error.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task It_follows_the_model_and_is_there_without_any_silo_and_after_damage()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1);
        await set.StartAgent(1, 1);
        using var api = set.Api(1);
        var model = new ModelClient(api.Http);
        await UntilCopied(set, copy => copy.Point.Index > 0);
        // The silo defines storage-1 itself, because it came.
        Assert.Equal(HttpStatusCode.Created, (await model.CreateNode("storage-2")).Status);
        await Eventually.True("its node is there", Limit, () => Has(set, "storage-1"));
        Assert.False(await Has(set, "storage-2"));
        var newest = await set.Get<ModelResource>(1, "/v1/model");
        // What is not for it moves the index all the same.
        await UntilCopied(set, copy => copy.Point.Timeline == newest.Timeline && copy.Point.Index >= newest.Index);

        await set.Kill("silo-1");
        Assert.True(await Has(set, "storage-1"));
        Assert.Equal(0, await set.Stop("storage-1"));
        await set.StartAgent(1, 1);
        await Eventually.True("it is there without a silo", Limit, () => Has(set, "storage-1"));
        var kept = await Copy(set);
        Assert.Equal((newest.Timeline, 0), (kept.Point.Timeline, kept.Unreadable));
        Assert.True(kept.Point.Index >= newest.Index);

        // Damage is found, told and mended.
        await set.Kill("storage-1");
        var file = Path.Combine(set.AgentData(1), "model", "copy.jsonl");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await set.StartAgent(1, 1);
        await UntilCopied(set, copy => copy.Count == 0);
        Assert.True(File.Exists(Path.Combine(set.AgentData(1), "model", "copy.corrupt")));
        await set.StartSilos(1);
        await Eventually.True("it is there again", Limit, () => Has(set, "storage-1"));
        Assert.Equal(kept.Point.Digest, (await Copy(set)).Point.Digest);
    }
}
