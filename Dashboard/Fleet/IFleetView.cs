using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Repositories;

namespace Aedile.Dashboard.Fleet;

/// <summary>
/// What the pages show, as this silo sees it now. The host implements it. Every open page asks once a second, so an
/// answer comes from memory; a <see cref="TimeoutException"/> says that the truth can't be had at the moment: the page
/// keeps what it showed and says how old that is.
/// </summary>
public interface IFleetView
{
    /// <summary>All processes of the fleet, and how the repositories are doing.</summary>
    Task<FleetSnapshot> GetFleet(CancellationToken cancellation);

    /// <summary>A part of the nodes with their sessions.</summary>
    Task<SessionWindow> GetSessions(SessionQuery query, CancellationToken cancellation);

    /// <summary>
    /// A window of the repositories that fit the query, ordered by virtual storage, then path (ordinal).
    /// </summary>
    Task<RepositoryWindow> GetRepositories(RepositoryQuery query, CancellationToken cancellation);

    /// <summary>One repository; null when there is none of this id.</summary>
    Task<RepositoryResource?> GetRepository(RepositoryId id, CancellationToken cancellation);
}

/// <summary>The fleet at one moment.</summary>
/// <param name="Processes">One for each silo and agent that is known, dead ones included.</param>
/// <param name="Repositories">How many there are, and how they are doing.</param>
/// <param name="Changes">The last changes of the membership, newest first.</param>
/// <param name="Activations">What lives in the silos, by kind; null when the silos can't be asked now.</param>
public sealed record FleetSnapshot(
    ImmutableArray<ProcessView> Processes, RepositoryCounts Repositories, ImmutableArray<FleetChange> Changes,
    ImmutableArray<ActivationCount>? Activations);
