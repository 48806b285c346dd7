using System.Collections.Immutable;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Fleet;

/// <summary>A change of the membership in words.</summary>
/// <param name="Silo">Whose.</param>
/// <param name="State">What it became, in lower case.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="Ago">How long ago, as in <c>3 min</c>.</param>
internal sealed record FleetChangeRow(string Silo, string State, Tone Tone, string Ago)
{
    /// <summary>Rows in the order given.</summary>
    public static ImmutableArray<FleetChangeRow> From(IEnumerable<FleetChange> changes, DateTimeOffset now) =>
        [.. changes.Select(c => From(c, now))];

    private static FleetChangeRow From(FleetChange change, DateTimeOffset now)
    {
        var (state, tone) = change.Status switch
        {
            "Active" => ("active", Tone.Good),
            "Created" or "Joining" => ("joining", Tone.Busy),
            "ShuttingDown" or "Stopping" => ("stopping", Tone.Warning),
            "Dead" => ("dead", Tone.Bad),
            _ => ("unknown", Tone.Quiet),
        };
        return new FleetChangeRow(change.Silo, state, tone, Duration.InWords(now - change.At));
    }
}
