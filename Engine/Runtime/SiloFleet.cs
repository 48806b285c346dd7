using System.Net;
using System.Net.Sockets;
using Aedile.Engine.Management;
using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>A silo's part in a fleet: its links, its membership and its router, from start to stop.</summary>
internal sealed class SiloFleet : IDisposable
{
    // After this, grains are activated whether their earlier silo has handed them over or not.
    private static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(5);

    private readonly Silo _silo;
    private readonly IMembershipStore _store;
    private readonly EndpointOptions _endpoints;
    private readonly ClusterOptions _cluster;
    private readonly LateTransport _transport = new();
    private readonly ILogger _log;
    private readonly INetwork _network;
    private SiloLinks? _links;
    private MembershipAgent? _agent;
    private Router? _router;

    public SiloFleet(Silo silo, IMembershipStore store)
    {
        (_silo, _store) = (silo, store);
        _endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        _cluster = silo.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        _log = silo.Services.GetRequiredService<ILogger<SiloFleet>>();
        _network = silo.Seams.Network ?? SocketNetwork.Of(
            silo.Services, silo.Clock, silo.Messaging.MaxMessageBodySize);
    }

    public ITransport Transport => _transport;

    public LateRouter LateRouter { get; } = new();

    public LateMessenger LateMessenger { get; } = new();

    /// <summary>Null before the silo has joined.</summary>
    public Router? Router => _router;

    /// <summary>Null before the silo has joined.</summary>
    public MembershipAgent? Agent => _agent;

    /// <summary>Joins the fleet, and knows where grains live from then on. It hosts none yet.</summary>
    /// <returns>Who the silo is.</returns>
    /// <exception cref="OrleansException">It can't join; the text says why.</exception>
    public async Task<SiloIdentity> Join(SiloFigures figures, CancellationToken cancellation)
    {
        var identity = IdentityOf(_silo.Services, isAlone: false);
        await _store.Prepare(cancellation);
        var self = SiloAddress.New(identity.Endpoint, MembershipRules.NextGeneration(
            await _store.Read(cancellation), identity.Endpoint));
        var links = new SiloLinks(
            _silo, new Switchboard.Identity(_cluster.ClusterId, _cluster.ServiceId, self), _network, _log);
        var agent = new MembershipAgent(
            self, identity, _store, links.Messenger,
            _silo.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value,
            _silo.Clock, _silo.Seams.Scheduler, _log)
        {
            Ended = _silo.MustEnd,
        };
        var knock = new PortKnock(_network, _silo.Clock);
        var router = new Router(
            agent, links.Messenger, _silo.Catalog, knock.IsGone, _silo.Clock, HandoverLimit, _log);
        (_links, _agent, _router) = (links, agent, router);
        agent.Listen();
        links.WatchLinks();
        figures.Answer(links.Messenger);
        LateMessenger.Use(links.Messenger);
        LateRouter.Use(router);
        _transport.Use(links.Use(router, () => GatewaysOf(agent)));
        try
        {
            await Listen(_endpoints.SiloListeningEndpoint ?? identity.Endpoint, PeerKind.Silo, cancellation);
            await agent.Join(cancellation);
        }
        catch
        {
            await Undo(agent, links);
            throw;
        }

        return identity;
    }

    /// <summary>Takes clients, and hosts grains.</summary>
    public async Task Activate(CancellationToken cancellation)
    {
        try
        {
            if (_endpoints.GatewayPort != 0)
            {
                var gateway = _endpoints.GatewayListeningEndpoint
                    ?? new IPEndPoint(_agent!.Self.Endpoint.Address, _endpoints.GatewayPort);
                await Listen(gateway, PeerKind.Client, cancellation);
            }

            await _agent!.Activate(cancellation);
        }
        catch
        {
            await Undo(_agent!, _links!);
            throw;
        }
    }

    /// <summary>Tells the others that this silo goes, and hands its grains over to them.</summary>
    /// <param name="cancellation">Gives up on turns that take too long.</param>
    public async Task HandOver(CancellationToken cancellation)
    {
        if (_agent is null) return;
        try
        {
            await _agent.Announce(cancellation);
            await _router!.HandedOver.WaitAsync(cancellation);
        }
        catch (Exception error) when (MembershipTable.IsOutage(error) || error is OperationCanceledException)
        {
            // It stops all the same; the others find out by themselves.
            _log.LeaveFailed(error);
        }
    }

    /// <summary>Ends what is connected once it has its answers, and leaves the fleet.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        if (_agent is null) return;
        await _links!.Switchboard.Drain(cancellation);
        _router!.Stop();
        try
        {
            await _agent.Leave(CancellationToken.None);
        }
        catch (Exception error) when (MembershipTable.IsOutage(error))
        {
            _log.LeaveFailed(error);
        }

        _links.Switchboard.Cut();
    }

    /// <summary>Ends at once; nobody is told.</summary>
    public void Crash()
    {
        _transport.End();
        _router?.Stop();
        _agent?.Dispose();
        _links?.Switchboard.Cut();
    }

    public void Dispose()
    {
        Crash();
        if (_silo.Seams.Network is null) (_network as IDisposable)?.Dispose();
    }

    /// <summary>What the options say about the silo.</summary>
    /// <exception cref="OrleansException">The machine has no address.</exception>
    public static SiloIdentity IdentityOf(IServiceProvider services, bool isAlone)
    {
        var endpoints = services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        var host = Dns.GetHostName();
        var address = endpoints.AdvertisedIPAddress ?? (isAlone ? IPAddress.Loopback : AddressOf(host));
        var endpoint = new IPEndPoint(address, endpoints.SiloPort);
        var name = services.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName ?? $"{host}-{endpoint.Port}";
        var fleet = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;
        return new SiloIdentity(fleet, name, host, endpoint, endpoints.GatewayPort);
    }

    // A silo that stops keeps its clients until they have other gateways.
    private static IEnumerable<SiloAddress> GatewaysOf(MembershipAgent agent) => agent.Table.View.Entries
        .Where(entry => entry.Status is SiloStatus.Active or SiloStatus.ShuttingDown).Select(entry => entry.Address);

    private static IPAddress AddressOf(string host)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(host);
            return Array.Find(addresses, one => one.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException error)
        {
            throw new OrleansException(
                $"The host name '{host}' has no address: configure the one that other silos can reach.", error);
        }
    }

    private async Task Listen(IPEndPoint address, PeerKind welcome, CancellationToken cancellation)
    {
        try
        {
            await _links!.Switchboard.Listen(address, welcome, cancellation);
        }
        catch (IOException error)
        {
            throw new OrleansException($"The silo can't listen at {address}: {error.Message}", error);
        }
    }

    private async Task Undo(MembershipAgent agent, SiloLinks links)
    {
        try
        {
            await agent.Leave(CancellationToken.None);
        }
        catch (Exception error) when (MembershipTable.IsOutage(error))
        {
            _log.LeaveFailed(error);
        }

        Crash();
        links.Switchboard.Cut();
    }
}
