using System.Globalization;
using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Push;

/// <summary>
/// A push of one small commit to three replicas, beside the same push to one bare repository behind nginx. Bar: 1.5
/// times its wall time, with the CPU of both stated.
/// </summary>
internal static class PushBenchmark
{
    private const int WarmUp = 3;
    private const double Bar = 1.5;

    /// <summary>Runs it; returns 0 when the bar is met.</summary>
    /// <param name="rounds">Pushes to each side, alternating.</param>
    public static async Task<int> Run(int rounds)
    {
        await using var sides = await SideBySide.Start();
        var work = sides.Folder("work");
        await sides.Fleet.Create("bench/push");
        await sides.Tool.Run("", "git", "init", "-q", "-b", "main", work);
        await sides.Tool.Run(work, "git", "remote", "add", "ours", sides.Fleet.GitUrl("bench/push"));
        await sides.Tool.Run(work, "git", "remote", "add", "peer", sides.Peer.Url);

        var (ours, peer) = (new Samples(), new Samples());
        double oursCpu = 0, peerCpu = 0;
        for (var round = -WarmUp; round < rounds; round++)
        {
            await File.WriteAllTextAsync(Path.Combine(work, "file"), round.ToString(CultureInfo.InvariantCulture));
            await sides.Tool.Run(work, "git", "add", "file");
            await sides.Tool.Run(work, "git", "commit", "-q", "-m", "round");
            // Who goes first alternates, so that neither always finds the client's caches warm.
            string[] order = round % 2 == 0 ? ["ours", "peer"] : ["peer", "ours"];
            foreach (var side in order)
            {
                var before = MachineCpu.BusySeconds();
                var wall = await sides.Time(work, "push", "-q", side, "main");
                var cpu = MachineCpu.BusySeconds() - before;
                if (round < 0) continue;
                if (side == "ours") { ours.Add(wall); oursCpu += cpu; }
                else { peer.Add(wall); peerCpu += cpu; }
            }
        }

        var ratio = ours.Median / peer.Median;
        Console.WriteLine($"ours  {ours.ToText("ms")}");
        Console.WriteLine($"peer  {peer.ToText("ms")}");
        await sides.Report("push", new JsonObject
        {
            ["unit"] = "ms of wall time of one `git push` of one commit",
            ["ours"] = ours.ToJson(),
            ["peer"] = peer.ToJson(),
            ["ratioOfMedians"] = ratio,
            ["ratioOfP95"] = ours.P95 / peer.P95,
            ["bar"] = Bar,
            ["oursMachineCpuMsPerPush"] = oursCpu * 1000 / rounds,
            ["peerMachineCpuMsPerPush"] = peerCpu * 1000 / rounds,
            ["replicas"] = 3,
        });
        return ratio <= Bar ? 0 : 1;
    }
}
