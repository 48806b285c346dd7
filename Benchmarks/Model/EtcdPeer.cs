using System.Diagnostics;
using System.Globalization;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Model;

/// <summary>The peer: three members of etcd on this machine, each with its own folder, flushing as usual.</summary>
internal sealed class EtcdPeer : IAsyncDisposable
{
    private const int Members = 3;
    private readonly List<Process> _members = [];

    private EtcdPeer()
    {
    }

    /// <summary>Where the members take clients.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    public static async Task<EtcdPeer> Start(Tool tool, string folder, int port)
    {
        await Packages.Install(tool, "/usr/bin/etcd", "etcd-server");
        var peer = new EtcdPeer
        {
            Addresses = [.. Enumerable.Range(0, Members).Select(i => new Uri(Url(port + (2 * i))))],
        };
        var cluster = string.Join(',', Enumerable.Range(0, Members).Select(i => $"m{i}={Url(port + (2 * i) + 1)}"));
        for (var i = 0; i < Members; i++)
        {
            var (client, member) = (Url(port + (2 * i)), Url(port + (2 * i) + 1));
            peer._members.Add(tool.Start(
                "etcd", "--name", $"m{i}", "--data-dir", Path.Combine(folder, $"m{i}"), "--listen-client-urls", client,
                "--advertise-client-urls", client, "--listen-peer-urls", member, "--initial-advertise-peer-urls",
                member, "--initial-cluster", cluster, "--log-level", "error"));
        }

        foreach (var address in peer.Addresses) await NginxPeer.WhenListening(address.Port);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await ProcessTree.End(member, "TERM");
            member.Dispose();
        }
    }

    // It refuses one that ends with a slash.
    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
