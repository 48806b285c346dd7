using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Dashboard.Repositories;

/// <summary>Which repositories to show, and which window of them.</summary>
/// <param name="Search">Part of <c>virtual-storage/path</c>, any case; empty for all.</param>
/// <param name="Filter">Which states.</param>
/// <param name="Skip">How many to leave out at the start, 0 or more.</param>
/// <param name="Take">How many at most, 1 to 200.</param>
public sealed record RepositoryQuery(string Search, RepositoryFilter Filter, int Skip, int Take);

/// <summary>A filter by state; the names are those of the counts.</summary>
public enum RepositoryFilter
{
    /// <summary>No filter.</summary>
    All,

    /// <summary>An assigned replica is not up to date.</summary>
    Repairing,

    /// <summary>No push is taken.</summary>
    ReadOnly,
}

/// <summary>A window of repositories.</summary>
/// <param name="Items">Those of the window, in order.</param>
/// <param name="Matching">How many fit the query in all.</param>
public sealed record RepositoryWindow(ImmutableArray<RepositoryResource> Items, int Matching);

/// <summary>How the repositories are doing.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Repairing">Those with an assigned replica that is not up to date.</param>
/// <param name="ReadOnly">Those that take no push.</param>
public sealed record RepositoryCounts(int Total, int Repairing, int ReadOnly);
