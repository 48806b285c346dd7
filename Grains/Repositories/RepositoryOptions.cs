using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Aedile.Grains.Repositories;

/// <summary>Bound from <c>Repositories:Coordinator</c>; checked at start, so a bad value stops the roll-out.</summary>
public sealed class RepositoryOptions
{
    /// <summary>
    /// How long a decision waits for stragglers once a quorum agrees. Default 250 ms; it grows with their lag.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan StragglerGrace { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a round of prepares may take in all. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PrepareLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the next write waits for voters to apply the last one. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan ApplyWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the client waits, after the decision, for the first replica to apply it. Default 5 s; the durable
    /// promises carry it either way.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan FirstApplyWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a staged push waits for the repair of replicas that it can't do without, while others go before it.
    /// Default 30 s: a repair may have to wait for pushes begun before it, and fetch what they wrote.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RepairWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a joining replica waits for pushes that were begun before it joined. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan JoinWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the last fetch of a repair may hold writes up. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan FinalFetchLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first, unordered fetch of a repair may take. Default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FetchLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Longest pause between two attempts to repair a replica. Default 30 s, reached by doubling from 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RepairBackoffMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many repairs may run towards one node at a time. Default 2.</summary>
    [Range(1, 64)]
    public int RepairsPerNode { get; set; } = 2;
}

/// <summary>Generated check of <see cref="RepositoryOptions"/>.</summary>
[OptionsValidator]
public sealed partial class RepositoryOptionsValidator : IValidateOptions<RepositoryOptions>;
