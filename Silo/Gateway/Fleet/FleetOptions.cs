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
    /// Nodes that exist, whether their agents were seen or not. Default: none, every node is known from its first
    /// session on. The embedded fleet sets it, so that a repository is never placed short because an agent is late.
    /// </summary>
    public IList<string> Nodes { get; } = [];

    /// <summary>How many grains are told of a node's coming or going at a time. Default 16.</summary>
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
