using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Clone;

/// <summary>
/// A clone of 73 MiB through the gateway, beside one from nginx and <c>git http-backend</c>. Bar: 0.9 of its
/// throughput. With it the gateway's share of <c>info/refs</c>: bar 1 ms at the median.
/// </summary>
internal static class CloneBenchmark
{
    private const double Bar = 0.9;
    private const int Blobs = 7300;
    private const int BlobBytes = 10 * 1024;

    /// <summary>Runs it; returns 0 when both bars are met.</summary>
    /// <param name="rounds">Clones from each side, alternating.</param>
    public static async Task<int> Run(int rounds)
    {
        await using var sides = await SideBySide.Start();
        var work = sides.Folder("work");
        var repository = await sides.Fleet.Create("bench/clone");
        await Fill(sides, work);
        await sides.Tool.Run(work, "git", "push", "-q", sides.Fleet.GitUrl("bench/clone"), "main");
        await sides.Tool.Run(work, "git", "push", "-q", sides.Peer.Url, "main");

        var (ours, peer) = (new Samples(), new Samples());
        double oursCpu = 0, peerCpu = 0;
        for (var round = -1; round < rounds; round++)
        {
            string[] order = round % 2 == 0 ? ["ours", "peer"] : ["peer", "ours"];
            foreach (var side in order)
            {
                var target = sides.Folder("clone");
                var before = MachineCpu.BusySeconds();
                var url = side == "ours" ? sides.Fleet.GitUrl("bench/clone") : sides.Peer.Url;
                var seconds = await sides.Time("", "clone", "-q", "--bare", url, target) / 1000;
                var cpu = MachineCpu.BusySeconds() - before;
                Directory.Delete(target, recursive: true);
                if (round < 0) continue;
                if (side == "ours") { ours.Add(seconds); oursCpu += cpu; }
                else { peer.Add(seconds); peerCpu += cpu; }
            }
        }

        var ratio = peer.Median / ours.Median;
        Console.WriteLine($"ours  {ours.ToText("s")}");
        Console.WriteLine($"peer  {peer.ToText("s")}");
        var advertisement = await AdvertisementProbe.Measure(sides, repository, "bench/clone");
        await sides.Report("clone", new JsonObject
        {
            ["unit"] = "s of wall time of one `git clone --bare`",
            ["mebibytes"] = Blobs * (double)BlobBytes / 1024 / 1024,
            ["ours"] = ours.ToJson(),
            ["peer"] = peer.ToJson(),
            ["throughputRatio"] = ratio,
            ["bar"] = Bar,
            ["oursMachineCpuMsPerClone"] = oursCpu * 1000 / rounds,
            ["peerMachineCpuMsPerClone"] = peerCpu * 1000 / rounds,
            ["infoRefs"] = advertisement.Figures,
        });
        return ratio >= Bar && advertisement.Met ? 0 : 1;
    }

    // One commit of files that no compression shrinks: then the size on the wire is the size here.
    private static async Task Fill(SideBySide sides, string work)
    {
        await sides.Tool.Run("", "git", "init", "-q", "-b", "main", work);
        var chance = new Random(73);
        var content = new byte[BlobBytes];
        await using (var stream = File.Create(Path.Combine(work, "import")))
        {
            await Write(stream, "commit refs/heads/main\ncommitter Bench <bench@example.org> 1767225600 +0000\n");
            await Write(stream, "data 4\nfill");
            for (var i = 0; i < Blobs; i++)
            {
                chance.NextBytes(content);
                await Write(stream, string.Create(CultureInfo.InvariantCulture,
                    $"\nM 100644 inline d{i % 100}/f{i}\ndata {BlobBytes}\n"));
                await stream.WriteAsync(content);
            }
            await Write(stream, "\n\n");
        }
        await sides.Tool.Run(work, "sh", "-c", "git fast-import --quiet <import && rm import");
    }

    private static async Task Write(FileStream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
