using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Fleet;

/// <summary>The first page: is the fleet well, and what is not.</summary>
public sealed partial class OverviewPage
{
    private FleetSnapshot? _fleet;

    private int? Healthy => _fleet?.Processes.Count(p => p.Health is ProcessHealth.Healthy);

    private bool AllHealthy => Healthy == _fleet?.Processes.Length;

    private string ProcessNote => AllHealthy ? "all healthy" : "healthy; the others are listed first";

    private string ProcessCss => AllHealthy ? "" : Tone.Bad.Css();

    private string RepositoryNote => _fleet?.Repositories switch
    {
        { Total: 0 } => "none yet",
        { Repairing: 0, ReadOnly: 0 } => "all in sync",
        _ => "in all virtual storages",
    };

    /// <inheritdoc/>
    protected override async Task Load() => _fleet = await Ask((fleet, left) => fleet.GetFleet(left));

    private static string Css(int? count, Tone tone) => count > 0 ? tone.Css() : "";
}
