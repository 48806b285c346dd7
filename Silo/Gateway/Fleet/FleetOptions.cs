using System.ComponentModel.DataAnnotations;
using Aedile.Client.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Bound from <c>Fleet</c>; checked at start.</summary>
public sealed class FleetOptions : IValidatableObject
{
    /// <summary>
    /// How often silo and agents beat; three missed ones end a session. Default 1 s: a hung node is out in 3 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a new connection may take to say who it is. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HelloLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the database may take to give a new session its epoch before the session begins without, provisionally.
    /// Default 2 s: less than the agent waits for its welcome.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan ClaimLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long nodes whose silo ended have to come back to another before they count as gone. Default 10 s: a thousand
    /// agents that come at once are absorbed in it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After how long without a beat in the database a silo counts as gone, and the grace of its nodes begins.
    /// Default 3 s: three missed beats. Its connections say it earlier to those who have one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan SiloSilenceMax { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Nodes that exist, whether their agents were seen or not. Default: none, every node is known from its first
    /// session on. The embedded fleet sets it, so that a repository is never placed short because an agent is late.
    /// </summary>
    public IList<string> Nodes { get; } = [];

    /// <summary>
    /// How many coordinators are told something at a time, be it a node's coming or going, or to take up what an ended
    /// silo left. Default 16.
    /// </summary>
    [Range(1, 1024)]
    public int NotificationsInFlight { get; set; } = 16;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from node in Nodes
        where !NodeName.TryParse(node, null, out _)
        select new ValidationResult($"Fleet:Nodes: '{node}' is not a node name.", [nameof(Nodes)]);
}

/// <summary>Generated check of <see cref="FleetOptions"/>.</summary>
[OptionsValidator]
public sealed partial class FleetOptionsValidator : IValidateOptions<FleetOptions>;
