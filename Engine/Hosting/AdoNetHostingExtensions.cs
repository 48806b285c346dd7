using Aedile.Engine.Hosting;
using Aedile.Engine.Membership;
using Aedile.Engine.Runtime;
using Aedile.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Makes a silo one of several that share a database.</summary>
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

    private static IMembershipStore Store(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value;
        var seams = services.GetRequiredService<SiloSeams>();
        if (options.DataSource is null == string.IsNullOrEmpty(options.ConnectionString))
        {
            throw new InvalidOperationException(
                "The membership needs a connection string or a data source, and not both.");
        }

        var database = options.DataSource ?? seams.Databases(options.Invariant, options.ConnectionString);
        return new AdoNetMembershipStore(
            database, DatabaseDialect.Of(options.Invariant),
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId);
    }
}
