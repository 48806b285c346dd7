using System.Data.Common;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace Aedile.Tests.Counters;

/// <summary>
/// A process that hosts counters, for tests that kill silos: <c>Tests counter-silo NAME SILO-PORT GATEWAY-PORT</c>,
/// with the database in <see cref="ConnectionVariable"/>. It uses the public API alone, so it runs on either engine.
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

    /// <summary>What it prints when it takes calls.</summary>
    public const string Ready = "ready";

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        var (name, siloPort, gatewayPort) = (arguments[0], Port(arguments[1]), Port(arguments[2]));
        var connection = Environment.GetEnvironmentVariable(ConnectionVariable)!;
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true)
            .SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Cluster, Cluster));
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
            silo.AddAdoNetGrainStorage(Storage, o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
            silo.UseSystemTextJsonGrainStorageSerializer();
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
        return Environment.ExitCode;
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
