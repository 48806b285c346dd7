using System.Data.Common;
using Aedile.Engine.Client;
using Aedile.Engine.Hosting;
using Aedile.Engine.Membership;
using Aedile.Engine.Runtime;
using Aedile.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Makes a silo one of several that share a database, and lets clients find them.</summary>
public static class AdoNetHostingExtensions
{
    /// <summary>
    /// Joins the fleet of <see cref="ClusterOptions.ClusterId"/> in a database; its schema is created when the silo
    /// starts.
    /// </summary>
    public static ISiloBuilder UseAdoNetClustering(
        this ISiloBuilder builder, Action<AdoNetClusteringSiloOptions> configureOptions) =>
        builder.UseAdoNetClustering(options => options.Configure(configureOptions));

    /// <inheritdoc cref="UseAdoNetClustering(ISiloBuilder, Action{AdoNetClusteringSiloOptions})"/>
    public static ISiloBuilder UseAdoNetClustering(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetClusteringSiloOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        configureOptions(builder.Services.AddOptions<AdoNetClusteringSiloOptions>());
        FleetServices.Add(builder.Services, Store);
        return builder;
    }

    /// <summary>Finds the gateways of the fleet of <see cref="ClusterOptions.ClusterId"/> in a database.</summary>
    public static IClientBuilder UseAdoNetClustering(
        this IClientBuilder builder, Action<AdoNetClusteringClientOptions> configureOptions) =>
        builder.UseAdoNetClustering(options => options.Configure(configureOptions));

    /// <inheritdoc cref="UseAdoNetClustering(IClientBuilder, Action{AdoNetClusteringClientOptions})"/>
    public static IClientBuilder UseAdoNetClustering(
        this IClientBuilder builder, Action<OptionsBuilder<AdoNetClusteringClientOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        configureOptions(builder.Services.AddOptions<AdoNetClusteringClientOptions>());
        builder.Services.AddSingleton<IGatewayList>(Gateways);
        return builder;
    }

    private static AdoNetMembershipStore Store(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value;
        var databases = services.GetRequiredService<SiloSeams>().Databases;
        return Open(services, databases, options.Invariant, options.ConnectionString, options.DataSource);
    }

    private static TableGatewayList Gateways(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AdoNetClusteringClientOptions>>().Value;
        var databases = new SiloSeams().Databases;
        return new TableGatewayList(
            Open(services, databases, options.Invariant, options.ConnectionString, options.DataSource));
    }

    private static AdoNetMembershipStore Open(
        IServiceProvider services, Func<string, string, DbDataSource> databases, string invariant,
        string connectionString, DbDataSource? source)
    {
        if (source is null == string.IsNullOrEmpty(connectionString))
        {
            throw new InvalidOperationException(
                "The membership needs a connection string or a data source, and not both.");
        }

        return new AdoNetMembershipStore(
            source ?? databases(invariant, connectionString), DatabaseDialect.Of(invariant),
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId);
    }
}
