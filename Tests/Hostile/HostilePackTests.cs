using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>Goal: no pack that is broken, forged or cut off changes anything.</summary>
[Collection<SharedFleet>]
public sealed class HostilePackTests(ThreeAgentFleet fleet)
{
    [Fact(Timeout = 180_000)]
    public async Task Truncated_and_extended_packs_are_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/truncated");
        var commands = RawPush.Commands(RawPush.Capabilities, under.Forward);
        var size = under.Pack.Length;
        foreach (var length in (int[])[0, 3, 4, 12, 13, size / 2, size - 20, size - 1])
            await under.Refused($"{length} bytes of {under.Pack.Length}", commands, under.Pack[..length]);
        await under.Refused("a pack and more", commands, under.Pack, "trailing"u8.ToArray());
        await under.Refused("not a pack", commands, "KCAP not a pack at all, but long enough"u8.ToArray());
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_flipped_bit_anywhere_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/flipped");
        var commands = RawPush.Commands(RawPush.Capabilities, under.Forward);
        var seed = Seed.Take();
        for (var round = 0; round < Seed.Rounds(20); round++)
        {
            var bit = seed.Chance.Next(under.Pack.Length * 8);
            var pack = under.Pack.ToArray();
            pack[bit / 8] ^= (byte)(1 << (bit % 8));
            await under.Refused($"bit {bit}", commands, pack);
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pack_without_all_objects_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/missing");
        var commands = RawPush.Commands(RawPush.Capabilities, under.Forward);
        await under.Refused("commit without tree", commands, await RawPush.PackOnly(under.Work, under.New));
        await under.Refused("no objects", commands, RawPush.EmptyPack);
        var tree = await under.Work.Head("HEAD^{tree}");
        await under.Refused("tree without blob", commands, await RawPush.PackOnly(under.Work, $"{under.New}\n{tree}"));
        var unknown = new RefUpdate("refs/heads/x", RefUpdate.Zero, new string('a', 40));
        await under.Refused("unknown tip", RawPush.Commands(RawPush.Capabilities, unknown), RawPush.EmptyPack);
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_tree_with_a_git_folder_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/dotgit");
        var work = under.Work;
        var tree = await work.Head("HEAD^{tree}");
        var entry = (byte[])[.. "40000 .git\0"u8, .. Convert.FromHexString(tree)];
        var make = work.In(work.Path, "hash-object", "-t", "tree", "-w", "--stdin", "--literally");
        var evil = (await (make with { Input = entry }).Run()).MustSucceed().Output.Trim();
        var commit = await work.Ok("commit-tree", "-p", under.Old, "-m", "evil", evil);
        var pack = await RawPush.Pack(work, $"{commit}\n^{under.Old}");
        var update = new RefUpdate("refs/heads/main", under.Old, commit);
        await under.Refused("a .git folder", RawPush.Commands(RawPush.Capabilities, update), pack);
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_stops_half_way_leaves_nothing()
    {
        using var under = await HostileCase.Make(fleet, "hostile/half");
        var big = await under.Work.Commit("big", "big", Seed.Take().Bytes(4_000_000));
        var pack = await RawPush.Pack(under.Work, $"{big}\n^{under.Old}");
        var commands = RawPush.Commands(RawPush.Capabilities, new RefUpdate("refs/heads/main", under.Old, big));
        await under.Work.Ok("reset", "-q", "--hard", under.New);
        foreach (var cut in (int[])[0, 1, 2000, pack.Length / 2, pack.Length - 1])
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync("127.0.0.1", fleet.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(under.Push.Head(commands.Length + pack.Length));
            await stream.WriteAsync(commands);
            await stream.WriteAsync(pack.AsMemory(0, cut));
            client.Client.LingerState = new(enable: cut % 2 == 0, seconds: 0); // Reset and orderly close in turn.
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_slow_client_stops_nobody_else()
    {
        using var under = await HostileCase.Make(fleet, "hostile/slow");
        var commands = RawPush.Commands(RawPush.Capabilities, under.Forward);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", fleet.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(under.Push.Head(commands.Length + under.Pack.Length));
        await stream.WriteAsync(commands);
        await stream.WriteAsync(under.Pack.AsMemory(0, 20));
        await under.Work.Ok("push", "-q", "origin", "main:beside");
        await under.Work.Ok("push", "-q", "origin", "--delete", "beside");
        await stream.WriteAsync(under.Pack.AsMemory(20));
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        Assert.Contains("200", await reader.ReadLineAsync(), StringComparison.Ordinal);
        await Eventually.True("the slow push is there", TimeSpan.FromSeconds(10), async () =>
            (await under.Work.RemoteRefs())["refs/heads/main"] == under.New);
    }
}
