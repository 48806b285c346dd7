using System.Net;
using Aedile.Grains.Interfaces.Model;
using Aedile.Silo.Engines;
using Aedile.Silo.Model;
using Aedile.Silo.Storage;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Aedile.Tests.Model;

/// <summary>One of several silos in the test's process that share the model in one PostgreSQL.</summary>
internal sealed class ModelSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private ModelSilo(IHost host) => _host = host;

    public ModelReplica Replica => _host.Services.GetRequiredService<ModelReplica>();

    public ModelWriter Writer => _host.Services.GetRequiredService<ModelWriter>();

    public LatestIndex Latest => _host.Services.GetRequiredService<LatestIndex>();

    public static async Task<ModelSilo> Start(string connectionString)
    {
        var database = SiloDatabase.OnPostgres(connectionString);
        await new SchemaMigrations(database, TimeProvider.System).Apply(CancellationToken.None);
        await HostedEngine.Prepare(database, CancellationToken.None);
        var port = PortRange.Take(2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(clustering =>
                (clustering.Invariant, clustering.ConnectionString) = (database.Invariant, database.ConnectionString));
            silo.ConfigureEndpoints(IPAddress.Loopback, port, port + 1);
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("model", "model"));
            HostedEngine.Tune(silo);
        });
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddModel();
        var host = builder.Build();
        await host.StartAsync();
        return new ModelSilo(host);
    }

    public Task<WriteReceipt> Write(WriteCommand command) =>
        Writer.Write(command, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
