using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>What must hold before anything is started, each with a sentence that says what to do.</summary>
internal static class StartupChecks
{
    /// <summary>The oldest git that works: <c>core.fsync</c> came with 2.36, Debian 12 has 2.39.</summary>
    private static readonly Version GitMin = new(2, 39);

    /// <summary>Checks data folder, tools and ports.</summary>
    /// <exception cref="StartupException">Something is missing or in use.</exception>
    public static async Task Run(EmbeddedOptions options, DataFolder data, SpawnThread spawn)
    {
        RequireKind(options, data);
        await RequireGit(spawn);
        if (!File.Exists(options.AgentProgram))
            throw new StartupException(
                $"The agent's program is not at '{options.AgentProgram}'. Build first: ./run without --no-build.");
        foreach (var (port, who) in options.Ports) RequireFree(port, who);
    }

    // Each would find none of the other's state, and show an empty Aedile.
    private static void RequireKind(EmbeddedOptions options, DataFolder data)
    {
        if (options.IsFleet && File.Exists(data.Database))
            throw new StartupException(
                $"The data folder {data.Root} is of a single silo (./run). Choose another with --data.");
        if (!options.IsFleet && Directory.Exists(data.DatabaseFolder))
            throw new StartupException(
                $"The data folder {data.Root} is of a fleet (./run fleet). Choose another with --data.");
    }

    private static async Task RequireGit(SpawnThread spawn)
    {
        string text;
        try
        {
            var info = new ProcessStartInfo("git", ["version"]) { RedirectStandardOutput = true };
            using var git = await spawn.Start(info);
            text = await git.StandardOutput.ReadToEndAsync();
            await git.WaitForExitAsync();
        }
        catch (Win32Exception error)
        {
            throw new StartupException("git is not installed (apt-get install git).", error);
        }
        var number = text.Split(' ').ElementAtOrDefault(2)?.Trim().Split('.') ?? [];
        if (number.Length < 2 || !Version.TryParse($"{number[0]}.{number[1]}", out var version) || version < GitMin)
            throw new StartupException($"git {GitMin} or newer is needed, here is '{text.Trim()}'.");
    }

    private static void RequireFree(int port, string who)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new StartupException(
                $"Port {port}, wanted for {who}, can't be used: {error.Message}. Choose another with --port.", error);
        }
    }
}
