using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aedile.Benchmarks.Git;

/// <summary>Both sides on one machine in one run, and where their figures go.</summary>
internal sealed class SideBySide : IAsyncDisposable
{
    // Beside the product's default port, so that a fleet may go on running; git is measured with no other load.
    private const int FleetPort = 18900;
    private const int PeerPort = 18950;
    private readonly string _folder;

    private SideBySide(string folder, Tool tool, NginxPeer peer, FleetUnderTest fleet)
    {
        _folder = folder;
        Tool = tool;
        Peer = peer;
        Fleet = fleet;
    }

    public Tool Tool { get; }

    public NginxPeer Peer { get; }

    public FleetUnderTest Fleet { get; }

    public static async Task<SideBySide> Start()
    {
        var folder = Directory.CreateTempSubdirectory("aedile-bench-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, ".gitconfig"),
            "[user]\nname = Bench\nemail = bench@example.org\n[gc]\nauto = 0\n[maintenance]\nauto = false\n");
        var tool = new Tool(folder);
        var peer = await NginxPeer.Start(tool, Path.Combine(folder, "peer"), PeerPort);
        try
        {
            return new SideBySide(folder, tool, peer, await FleetUnderTest.Start(tool, folder, FleetPort));
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>A folder of this run.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>Wall time of one git command, in milliseconds.</summary>
    public async Task<double> Time(string folder, params IEnumerable<string> arguments)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Tool.Run(folder, "git", arguments);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Prints the figures with what is needed to read them, and writes <c>Benchmarks/results/</c>.</summary>
    public async Task Report(string name, JsonObject figures)
    {
        figures["benchmark"] = name;
        figures["cores"] = Environment.ProcessorCount;
        figures["git"] = await Tool.Run("", "git", "version");
        figures["nginx"] = await Tool.Run("", "sh", "-c", "nginx -v 2>&1");
        figures["dotnet"] = Environment.Version.ToString();
        figures["kernel"] = Environment.OSVersion.VersionString;
        figures["fsync"] = "core.fsync=objects,derived-metadata,reference on both sides";
        figures["filesystem"] = await Tool.Run("", "stat", "-f", "-c", "%T", _folder);
        var text = figures.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        Console.WriteLine(text);
        var results = Directory.CreateDirectory(Path.Combine(FleetUnderTest.SourceRoot(), "Benchmarks", "results"));
        await File.WriteAllTextAsync(Path.Combine(results.FullName, name + ".json"), text + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await Peer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
