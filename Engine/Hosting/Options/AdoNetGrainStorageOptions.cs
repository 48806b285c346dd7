using System.Data.Common;

namespace Orleans.Configuration;

/// <summary>The database that keeps grain state. Give exactly one of connection string and data source.</summary>
public class AdoNetGrainStorageOptions
{
    /// <summary>The ADO.NET provider's invariant name, registered in <see cref="DbProviderFactories"/>.</summary>
    public string Invariant { get; set; } = "";

    public string ConnectionString { get; set; } = "";

    public DbDataSource? DataSource { get; set; }

    /// <summary>Whether clearing deletes the row instead of emptying it. Default false: the version goes on.</summary>
    public bool DeleteStateOnClear { get; set; }
}
