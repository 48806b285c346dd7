using System.Globalization;
using System.Net;
using Aedile.Engine.Hosting;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Benchmarks.Engine;

/// <summary>A silo on real sockets; in this process, or in one of its own.</summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    public const string ClusterId = "bench", ServiceId = "bench";

    private readonly SocketNetwork _network;
    private readonly SiloLinks _links;

    private BenchmarkSilo(int port, int answeringPort, int callingPort)
    {
        var address = AddressOf(port);
        SiloLinks? links = null;
        _network = new SocketNetwork(new LinkLimits(), TimeProvider.System, NullLoggerFactory.Instance);
        Host = SiloHost.Build(
            new SiloSeams
            {
                Transport = silo =>
                {
                    links = new SiloLinks(
                        silo, new Switchboard.Identity(ClusterId, ServiceId, address), _network, NullLogger.Instance);
                    return links.Use(new BenchmarkRouter(address, AddressOf(answeringPort), AddressOf(callingPort)));
                },
            }, _ => { });
        _links = links!;
    }

    public SiloHost Host { get; }

    public static async Task<BenchmarkSilo> Start(int port, int gatewayPort, int answeringPort, int callingPort)
    {
        var silo = new BenchmarkSilo(port, answeringPort, callingPort);
        await silo.Host.Start(CancellationToken.None);
        var board = silo._links.Switchboard;
        await board.Listen(new IPEndPoint(IPAddress.Loopback, port), PeerKind.Silo, CancellationToken.None);
        if (gatewayPort != 0)
        {
            await board.Listen(
                new IPEndPoint(IPAddress.Loopback, gatewayPort), PeerKind.Client, CancellationToken.None);
        }

        return silo;
    }

    /// <summary>Runs the silo that answers until the other process closes this one's input.</summary>
    /// <param name="ports">Its own, its gateway's, and that of the silo that calls.</param>
    public static async Task<int> RunAlone(string[] ports)
    {
        var numbers = ports.Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        await using var silo = await Start(numbers[0], numbers[1], numbers[0], numbers[2]);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _links.Switchboard.Cut();
        await Host.DisposeAsync();
        _network.Dispose();
    }

    private static SiloAddress AddressOf(int port) => SiloAddress.New(IPAddress.Loopback, port, 1);
}
