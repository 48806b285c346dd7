using System.Net;
using Aedile.Engine.Hosting;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>A silo that reaches others over real sockets, with a router that believes what the test says.</summary>
internal sealed class WireSilo : IAsyncDisposable
{
    private readonly SocketNetwork _network;
    private SiloLinks _links = null!;

    private WireSilo(SiloAddress address, LogBook log, ILinkSecurity? security)
    {
        Address = address;
        Log = log;
        Router = new FixedRouter(address);
        _network = new SocketNetwork(new LinkLimits(), TimeProvider.System, log, security);
    }

    public SiloAddress Address { get; }

    public LogBook Log { get; }

    public FixedRouter Router { get; }

    public SiloHost Host { get; private set; } = null!;

    public SiloLinks Links => _links;

    public IGrainFactory Grains => Host.Grains;

    public static async Task<WireSilo> Start(
        SiloAddress address, Stage stage, TimeProvider? clock = null, int gateway = 0,
        ILinkSecurity? security = null, Func<IEnumerable<SiloAddress>>? silos = null)
    {
        var silo = new WireSilo(address, new LogBook(), security);
        var seams = new SiloSeams
        {
            Clock = clock ?? TimeProvider.System,
            Parts = [typeof(WireSilo).Assembly],
            Network = silo._network,
            Generation = address.Generation,
            Transport = runtime =>
            {
                silo._links = new SiloLinks(
                    runtime, new Switchboard.Identity("test", "service", address), silo._network,
                    silo.Log.CreateLogger("links"));
                return silo._links.Use(silo.Router, silos);
            },
        };
        silo.Host = SiloHost.Build(seams, builder =>
        {
            builder.Services.AddSingleton(stage);
            builder.Services.AddSingleton<ILoggerFactory>(silo.Log);
            builder.AddMemoryGrainStorageAsDefault();
        });
        await silo.Host.Start(CancellationToken.None);
        var board = silo._links.Switchboard;
        await board.Listen(address.Endpoint, PeerKind.Silo, CancellationToken.None);
        if (gateway != 0)
        {
            await board.Listen(
                new IPEndPoint(address.Endpoint.Address, gateway), PeerKind.Client, CancellationToken.None);
        }

        return silo;
    }

    public ITallyGrain Tally(string key) => Grains.GetGrain<ITallyGrain>(key);

    /// <summary>Breaks all its connections at once and listens no more, like a process that is killed.</summary>
    public void Kill()
    {
        _links.Switchboard.Cut();
        Host.Crash();
    }

    public async ValueTask DisposeAsync()
    {
        _links.Switchboard.Cut();
        await Host.DisposeAsync();
        _network.Dispose();
    }
}
