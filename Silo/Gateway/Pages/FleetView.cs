using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>What the dashboard's pages show.</summary>
internal sealed class FleetView(
    SiloIdentity silo, Readiness readiness, FleetNodes nodes, RepositoryOverview repositories,
    EngineOverview engine) : IFleetView
{
    private const int SessionsMax = 200;
    private static readonly ImmutableArray<string> SiloRoles = ["silo"];

    /// <inheritdoc/>
    public Task<FleetSnapshot> GetFleet(CancellationToken cancellation) => Answer(async () =>
        new FleetSnapshot(
            [
                .. nodes.ListSilos(silo.Describe(await readiness.Ask(cancellation))).Select(Describe),
                .. nodes.ListNodes().Select(Describe),
            ],
            RepositoryOverview.Count(await repositories.Get(cancellation)), engine.Changes,
            await engine.CountActivations(cancellation)));

    /// <inheritdoc/>
    public Task<SessionWindow> GetSessions(SessionQuery query, CancellationToken cancellation)
    {
        var all = nodes.ListNodes();
        var matching = all.Where(node => Matches(node, query))
            .OrderBy(node => node.State switch { "running" => 2, "moving" => 1, _ => 0 }).ThenBy(node => node.Name)
            .ToList();
        return Task.FromResult(new SessionWindow(
            [
                .. matching.Skip(Math.Max(0, query.Skip)).Take(Math.Clamp(query.Take, 1, SessionsMax))
                    .Select(node => new SessionView(node, nodes.GetBoot(node.Name))),
            ], matching.Count,
            new SessionCounts(
                all.Count(node => node.State is "running"), all.Count(node => node.State is "moving"),
                all.Count(node => node.State is not ("running" or "moving")))));
    }

    /// <inheritdoc/>
    public Task<RepositoryWindow> GetRepositories(RepositoryQuery query, CancellationToken cancellation) =>
        Answer(async () =>
        {
            var matching = (await repositories.Get(cancellation)).Where(r => Matches(r, query)).ToList();
            return new RepositoryWindow([.. matching.Skip(query.Skip).Take(query.Take)], matching.Count);
        });

    /// <inheritdoc/>
    public Task<RepositoryResource?> GetRepository(RepositoryId id, CancellationToken cancellation) =>
        Answer(() => repositories.Get(id, cancellation));

    // Pages know one word for "not now": they keep what they show and say how old it is.
    private static async Task<T> Answer<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (error is DbException or OrleansException)
        {
            throw new TimeoutException("The database or a coordinator does not answer.", error);
        }
    }

    private static bool Matches(NodeResource node, SessionQuery query) =>
        (query.State.Length == 0 || query.State == node.State)
        && (node.Name.Value.Contains(query.Search, StringComparison.OrdinalIgnoreCase)
            || node.Silo?.Contains(query.Search, StringComparison.OrdinalIgnoreCase) is true);

    private static bool Matches(RepositoryResource repository, RepositoryQuery query) =>
        (query.Search.Length == 0 || $"{repository.VirtualStorage}/{repository.Path}".Contains(
            query.Search, StringComparison.OrdinalIgnoreCase))
        && query.Filter switch
        {
            RepositoryFilter.Repairing => RepositoryOverview.IsRepairing(repository),
            RepositoryFilter.ReadOnly => RepositoryOverview.IsReadOnly(repository),
            _ => true,
        };

    private static ProcessView Describe(SiloResource silo) => new(
        silo.Name, SiloRoles, silo.Pid, silo.Address,
        silo.Ready ? ProcessHealth.Healthy : ProcessHealth.Unhealthy, silo.Since, silo.Reason);

    private static ProcessView Describe(NodeResource node) => new(
        node.Name.Value, node.Roles, node.Pid, node.Endpoint,
        node.Healthy ? ProcessHealth.Healthy : node.Since is null ? ProcessHealth.Unknown : ProcessHealth.Unhealthy,
        node.Since, node.State switch
        {
            "running" => null,
            "moving" => "On its way to another silo.",
            _ => node.Since is null ? "It was never seen." : "Its session ended.",
        });
}
