using System.Diagnostics;
using System.Globalization;

namespace Aedile.Benchmarks.Engine;

/// <summary>The answering silo in a process of its own. It ends with this process: its input closes.</summary>
internal sealed class RemoteSilo : IAsyncDisposable
{
    /// <summary>The command that such a process is started with.</summary>
    public const string Command = "engine-silo";

    private readonly Process _process;

    private RemoteSilo(Process process, int[] ports)
    {
        _process = process;
        (SiloPort, GatewayPort, CallerPort) = (ports[0], ports[1], ports[2]);
    }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    /// <summary>Free for the silo that calls.</summary>
    public int CallerPort { get; }

    /// <summary>What its process has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<RemoteSilo> Start()
    {
        var ports = FreePorts.Take(4);
        var arguments = new[] { typeof(RemoteSilo).Assembly.Location, Command }
            .Concat(ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line == "ready"
            ? new RemoteSilo(process, ports)
            : throw new InvalidOperationException($"The silo's process did not start: '{line}'.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
