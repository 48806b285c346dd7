using System.Data.Common;
using System.Globalization;
using System.Net;
using Aedile.Silo.Engines;
using Aedile.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace Aedile.Tests.Counters;

/// <summary>
/// A process that hosts counters, for tests that kill silos: <c>Tests counter-silo NAME SILO-PORT GATEWAY-PORT</c>,
/// with the database in <see cref="ConnectionVariable"/>. It uses the public API, so it runs on either engine.
/// </summary>
internal static class CounterSilo
{
    /// <summary>The storage of the counters.</summary>
    public const string Storage = "fleet";

    /// <summary>The first argument.</summary>
    public const string Command = "counter-silo";

    /// <summary>The name of the fleet.</summary>
    public const string Cluster = "counters";

    /// <summary>The provider of the database.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The connection string, in the environment: it may hold a password.</summary>
    public const string ConnectionVariable = "AEDILE_COUNTERS_CONNECTION";

    /// <summary>The port where it listens for other silos, if that isn't the one where they look for it.</summary>
    public const string ListenVariable = "AEDILE_COUNTERS_LISTEN";

    /// <summary>By how many seconds its clock is wrong.</summary>
    public const string ClockVariable = "AEDILE_COUNTERS_CLOCK";

    /// <summary>What it prints when it takes calls.</summary>
    public const string Ready = "ready";

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        var (name, siloPort, gatewayPort) = (arguments[0], Port(arguments[1]), Port(arguments[2]));
        var connection = Variable(ConnectionVariable)!;
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
            (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss.fff ", true))
            .SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton(Clock());
        builder.Services.AddHostedService<ThreadReserve>();
        builder.UseOrleans(silo =>
        {
            HostedEngine.Tune(silo);
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Cluster, Cluster));
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
            if (Variable(ListenVariable) is { } listen)
            {
                silo.Configure<EndpointOptions>(o =>
                    o.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, Port(listen)));
            }

            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
            silo.AddAdoNetGrainStorage(Storage, o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
            silo.UseSystemTextJsonGrainStorageSerializer();
        });
        using var host = builder.Build();
        EndLimit.Keep(host.Services.GetRequiredService<IHostApplicationLifetime>());
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
        return Environment.ExitCode;
    }

    private static TimeProvider Clock() => Variable(ClockVariable) is { } seconds
        ? new WrongClock(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)))
        : TimeProvider.System;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // The machine's clock, set wrong: it runs as fast as any other.
    private sealed class WrongClock(TimeSpan error) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + error;
    }
}
