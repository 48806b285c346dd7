using System.Data.Common;
using System.Net;
using Aedile.Silo.Engines;
using Aedile.Silo.Storage;
using Aedile.Tests.Engine.Reminders;
using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aedile.Tests.Engine.Fleets;

/// <summary>
/// Silos and a client in this process over one PostgreSQL, in real time. They are made with the public API alone, so
/// that they are of the engine of this build.
/// </summary>
internal sealed class HostedFleet : IAsyncDisposable
{
    /// <summary>The shortest that grains may ask for.</summary>
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromMilliseconds(100);

    private const string Invariant = "Npgsql";
    private const int SilosMax = 4;

    private readonly string _connection;
    private readonly int _ports = PortRange.Take(2 * SilosMax);
    private readonly List<IHost> _silos = [];
    private IHost? _client;

    private HostedFleet(string connection) => _connection = connection;

    public Stage Stage { get; } = new();

    public TickBook Book { get; } = new();

    /// <summary>A client that finds all gateways in the database.</summary>
    public IGrainFactory Client => GrainsOf(_client!);

    public static async Task<HostedFleet> Start(PrivatePostgres postgres, int silos)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        var fleet = new HostedFleet(await postgres.NewDatabase());
        try
        {
            await HostedEngine.Prepare(SiloDatabase.OnPostgres(fleet._connection), CancellationToken.None);
            for (var number = 0; number < silos; number++) await fleet.StartSilo();
            await fleet.WhenAgreed(silos);
            fleet._client = await Start(builder => builder.UseOrleansClient(client =>
            {
                Leniency.Tune(client);
                client.UseAdoNetClustering(
                    options => (options.Invariant, options.ConnectionString) = (Invariant, fleet._connection));
            }));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls from inside of a silo, outside of grains; numbered in the order of their starts.</summary>
    public IGrainFactory Silo(int number) => GrainsOf(_silos[number]);

    /// <summary>Starts one more silo.</summary>
    public async Task StartSilo()
    {
        var port = _ports + (2 * _silos.Count);
        _silos.Add(await Start(builder => builder.UseOrleans(silo =>
        {
            silo.ConfigureEndpoints(IPAddress.Loopback, port, port + 1);
            silo.UseAdoNetClustering(
                options => (options.Invariant, options.ConnectionString) = (Invariant, _connection));
            silo.UseAdoNetReminderService(
                options => (options.Invariant, options.ConnectionString) = (Invariant, _connection));
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = ReminderPeriod);
            silo.Services.AddSingleton(Stage).AddSingleton(Book);
        })));
    }

    /// <summary>Stops a silo in order; returns when it is gone.</summary>
    public Task StopSilo(int number) => _silos[number].StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Turns that a test still holds are not waited for.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        if (_client is not null) _silos.Insert(0, _client);
        foreach (var host in _silos)
        {
            await host.StopAsync(atOnce.Token);
            host.Dispose();
        }
    }

    private static IGrainFactory GrainsOf(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    private static async Task<IHost> Start(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    // A silo that has started is not yet known to all others.
    private Task WhenAgreed(int silos) => Eventually.True("the silos know each other", TimeSpan.FromSeconds(30), () =>
        Task.FromResult(_silos.All(silo => silo.Services.GetRequiredService<ISiloStatusOracle>()
            .GetApproximateSiloStatuses(onlyActive: true).Count == silos)));
}
