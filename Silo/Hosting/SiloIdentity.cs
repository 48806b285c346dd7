using System.Reflection;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Hosting;

/// <summary>What this silo is called and where it listens.</summary>
internal sealed class SiloIdentity(string name, Guid run, Uri address, TimeProvider clock)
{
    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Its name: at most one process of a fleet has it at a time.</summary>
    public string Name => name;

    /// <summary>Identity of this run of its process.</summary>
    public Guid Run => run;

    /// <summary>Base address of its gateway.</summary>
    public Uri Address => address;

    /// <summary>When it started (UTC).</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    /// <summary>The silo as REST shows it.</summary>
    /// <param name="reason">Why it isn't ready; null when it is.</param>
    public SiloResource Describe(string? reason) =>
        new(name, Environment.ProcessId, address, Version, Since, reason is null, reason);
}
