using System.Data.Common;

namespace Orleans.Configuration;

/// <summary>
/// The database that keeps the membership of the fleet that a client uses. Give exactly one of connection string and
/// data source.
/// </summary>
public class AdoNetClusteringClientOptions
{
    /// <summary>The ADO.NET provider's invariant name, registered in <see cref="DbProviderFactories"/>.</summary>
    public string Invariant { get; set; } = "";

    public string ConnectionString { get; set; } = "";

    public DbDataSource? DataSource { get; set; }
}
