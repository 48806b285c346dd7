using System.Net;
using Aedile.Engine.Client;
using Aedile.Engine.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>A client of a <see cref="WireFleet"/> over real sockets.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private WireClient(ServiceProvider services, LogBook log)
    {
        _services = services;
        Log = log;
        Client = services.GetRequiredService<ClusterClient>();
    }

    public ClusterClient Client { get; }

    public LogBook Log { get; }

    public static async Task<WireClient> Start(
        IPEndPoint[] gateways, string cluster = "test", TimeSpan? limit = null,
        Action<IClientBuilder>? configure = null)
    {
        var client = Build(gateways, cluster, limit ?? TimeSpan.FromSeconds(20), configure);
        await client.Client.Start(CancellationToken.None);
        return client;
    }

    public static WireClient Build(
        IPEndPoint[] gateways, string cluster, TimeSpan limit, Action<IClientBuilder>? configure = null)
    {
        var log = new LogBook();
        var services = new ServiceCollection();
        services.AddSingleton(new ClientSeams { Parts = [typeof(WireClient).Assembly], StartLimit = limit });
        services.AddSingleton<ILoggerFactory>(log);
        ClientServices.Add(services);
        var builder = new ClientBuilder(
            services, new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        builder.UseStaticClustering(gateways);
        configure?.Invoke(builder);
        services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "service"));
        return new WireClient(services.BuildServiceProvider(), log);
    }

    public ITallyGrain Tally(string key) => Client.GrainFactory.GetGrain<ITallyGrain>(key);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
