using Aedile.Silo.Storage;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Hosting;

/// <summary>Whether this silo serves, asked anew each time.</summary>
internal sealed class Readiness(SiloDatabase database, IHostApplicationLifetime lifetime)
{
    /// <summary>Why it doesn't serve; null when it does. Cost: one query that reads no table.</summary>
    public string? Reason
    {
        get
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) return "The silo stops.";
            if (!lifetime.ApplicationStarted.IsCancellationRequested) return "The silo starts.";
            try
            {
                using var connection = database.Open();
                return null;
            }
            catch (SqliteException error)
            {
                return $"The database is away: {error.Message}";
            }
        }
    }
}
