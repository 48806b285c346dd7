using System.Reflection;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Hosting;

/// <summary>What this silo is called and where it listens.</summary>
internal sealed class SiloIdentity(string name, Uri? address, TimeProvider clock)
{
    private readonly DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The silo as REST shows it.</summary>
    /// <param name="reason">Why it isn't ready; null when it is.</param>
    public SiloResource Describe(string? reason) =>
        new(name, Environment.ProcessId, address, Version, _since, reason is null, reason);
}
