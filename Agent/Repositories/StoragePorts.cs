
using Aedile.Client.Fleet;

namespace Aedile.Agent.Repositories;

/// <summary>Everything of the outside world that the storage role touches; simulation gives its own.</summary>
internal sealed record StoragePorts(
    IDisk Disk, IGit Git, ISiloLine Silo, TimeProvider Clock, RoleStop Stop, ILogger Log, StorageOptions Options)
{
    /// <summary>Where tests may kill the process.</summary>
    public ICrashPoints Points { get; init; } = new NoCrashPoints();
}
