using System.Data.Common;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Hosting;

/// <summary>Whether this silo serves, asked anew each time.</summary>
internal sealed class Readiness(SiloDatabase database, IHostApplicationLifetime lifetime)
{
    /// <summary>Why it doesn't serve; null when it does. Cost: one query that reads no table.</summary>
    public async Task<string?> Ask(CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "The silo stops.";
        if (!lifetime.ApplicationStarted.IsCancellationRequested) return "The silo starts.";
        try
        {
            await using var connection = await database.Open(cancellation);
            // A pooled connection may be of a database that is gone.
            await connection.Execute(database.Sql("ask_readiness"), cancellation);
            return null;
        }
        catch (DbException error)
        {
            return $"The database is away: {error.Message}";
        }
    }
}
