using System.Text;
using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// Goal: whatever is sent as a pack, either every object a tip needs is there, or nothing of it is kept.
/// </summary>
public sealed class PackTests
{
    private const string Zero = RefUpdate.Zero;

    [Fact]
    public async Task Pack_cut_off_anywhere_is_refused_and_leaves_nothing()
    {
        await using var kit = await StorageKit.Start();
        var tip = await kit.Work.Commit("first");
        var body = StorageKit.Body([tip], await kit.Pack(tip));
        int[] lengths = [0, 3, 10, 44, 48, 50, 59, 70, body.Length / 2, body.Length - 20, body.Length - 1];
        foreach (var length in lengths)
            await Refused(kit, body[..length]);
    }

    [Fact]
    public async Task Pack_with_any_byte_changed_is_refused_and_leaves_nothing()
    {
        await using var kit = await StorageKit.Start();
        var tip = await kit.Work.Commit("first");
        var pack = await kit.Pack(tip);
        for (var at = 0; at < pack.Length; at += 7)
        {
            var changed = pack.ToArray();
            changed[at] ^= 0x41;
            await Refused(kit, StorageKit.Body([tip], changed));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("0000PACK")]
    [InlineData("zzzz")]
    [InlineData("ffff")]
    [InlineData("002cHEADHEADHEADHEADHEADHEADHEADHEADHEADHEAD0000")]
    [InlineData("0000PACK\0\0\0\x09\0\0\0\x01 and then some more bytes")]
    public async Task Body_that_is_no_pack_is_refused(string body)
    {
        await using var kit = await StorageKit.Start();
        await Refused(kit, Encoding.Latin1.GetBytes(body));
    }

    [Fact]
    public async Task Bytes_after_the_pack_are_refused()
    {
        await using var kit = await StorageKit.Start();
        var tip = await kit.Work.Commit("first");
        await Refused(kit, [.. StorageKit.Body([tip], await kit.Pack(tip)), 1, 2, 3]);
    }

    [Fact]
    public async Task Tip_whose_history_is_not_all_there_is_refused()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var second = await kit.Work.Commit("second");
        // The pack rests on the first commit, which the replica doesn't have.
        await Refused(kit, StorageKit.Body([second], await kit.Pack(second, first)));
        await Refused(kit, StorageKit.Body([new string('1', 40)], await kit.Pack(first)));
    }

    [Fact]
    public async Task Objects_that_no_ref_reaches_do_not_complete_a_history()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var second = await kit.Work.Commit("second");
        // As an aborted push of old times may have left it: the second commit without the first.
        var pack = Path.Combine(kit.Repository, "objects", "left.pack");
        await File.WriteAllBytesAsync(pack, await kit.Pack(second, first));
        var unpack = new Support.Command("sh", "-c", $"git unpack-objects -q < {pack}")
        {
            Folder = kit.Repository, Variables = kit.Work.Variables.Add("GIT_DIR", kit.Repository),
        };
        (await unpack.Run()).MustSucceed();
        var write = kit.Write(kit.NewTransaction(), false, new RefUpdate(StorageKit.Main, Zero, second));
        Assert.Equal(CommandOutcome.Failed, (await kit.Prepare(write)).Outcome);
        await Refused(kit, StorageKit.Body([second], await kit.Pack(second, second)));
    }

    [Fact]
    public async Task Pack_over_the_limit_is_refused_as_too_large()
    {
        await using var kit = await StorageKit.Start();
        kit.Options.PackSizeMax = 1024;
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        var tip = await kit.Work.Commit("noise", "noise", noise);
        var pack = await kit.Pack(tip);
        var error = await Assert.ThrowsAsync<PackRejectedException>(
            () => kit.StageBytes(kit.NewTransaction(), StorageKit.Body([tip], pack)));
        Assert.True(error.IsTooLarge);
        Assert.Empty(kit.Quarantines);
    }

    [Fact]
    public async Task Empty_pack_is_fine()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        var write = kit.Write(kit.NewTransaction(), true, new RefUpdate("refs/heads/same", Zero, first));
        Assert.Equal(0, (await kit.Stage(write.Transaction, first, first)).ObjectCount);
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(write)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Many_and_large_objects_become_one_pack()
    {
        await using var kit = await StorageKit.Start();
        var noise = new byte[700_000];
        new Random(2).NextBytes(noise);
        var tip = await kit.Work.Commit("large", "large", noise);
        await kit.Push(StorageKit.Main, Zero, tip);
        for (var i = 0; i < 40; i++) tip = await kit.Work.Commit($"c{i}");
        await kit.Push("refs/heads/many", Zero, tip);
        await kit.AssertWhole();
        Assert.Equal(2, Directory.GetFiles(Path.Combine(kit.Repository, "objects", "pack"), "*.idx").Length);
    }

    [Fact]
    public async Task Equal_bytes_give_equal_answers_and_a_second_stage_is_refused()
    {
        await using var one = await StorageKit.Start();
        await using var two = await StorageKit.Start();
        var tip = await one.Work.Commit("first");
        var body = StorageKit.Body([tip], await one.Pack(tip));
        var transaction = one.NewTransaction();
        Assert.Equal(await one.StageBytes(transaction, body), await two.StageBytes(transaction, body));
        await Assert.ThrowsAsync<StagingRefusedException>(() => one.StageBytes(transaction, body));
        Assert.Single(one.Quarantines);
    }

    [Fact]
    public void Digest_sees_the_trailer_however_the_bytes_are_cut()
    {
        var bytes = new byte[100];
        new Random(3).NextBytes(bytes);
#pragma warning disable CA5350 // The format of packs.
        System.Security.Cryptography.SHA1.HashData(bytes.AsSpan(..80), bytes.AsSpan(80));
#pragma warning restore CA5350
        for (var first = 0; first <= 100; first++)
            for (var second = first; second <= 100; second += 9)
            {
                using var digest = new PackDigest();
                digest.Add(bytes.AsSpan(..first));
                digest.Add(bytes.AsSpan(first..second));
                digest.Add(bytes.AsSpan(second..));
                Assert.Equal(Convert.ToHexStringLower(bytes.AsSpan(80)), digest.Finish());
            }
    }

    private static async Task Refused(StorageKit kit, byte[] body)
    {
        await Assert.ThrowsAsync<PackRejectedException>(() => kit.StageBytes(kit.NewTransaction(), body));
        Assert.Empty(kit.Quarantines);
    }
}
