using System.Collections.Immutable;
using System.Globalization;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Fleet;

/// <summary>A process in words: what the table shows, decided here and nowhere else.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Roles">Its roles, joined.</param>
/// <param name="Pid">Its process id, or a dash.</param>
/// <param name="Address">Host and port, or a dash.</param>
/// <param name="State">Its health as one word.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="For">How long it is so, as in <c>3 min</c>.</param>
/// <param name="Detail">Why, or empty.</param>
internal sealed record ProcessRow(
    string Name, string Roles, string Pid, string Address, string State, Tone Tone, string For, string Detail)
{
    /// <summary>Rows in the order of an operator's interest: what is not healthy first, then by name.</summary>
    public static ImmutableArray<ProcessRow> From(IEnumerable<ProcessView> processes, DateTimeOffset now) =>
    [
        .. processes.OrderBy(p => p.Health is ProcessHealth.Healthy)
            .ThenBy(p => !p.Roles.Contains("silo"))
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => From(p, now)),
    ];

    private static ProcessRow From(ProcessView process, DateTimeOffset now)
    {
        var (state, tone) = process.Health switch
        {
            ProcessHealth.Healthy => ("healthy", Tone.Good),
            ProcessHealth.Starting => ("starting", Tone.Busy),
            ProcessHealth.Unhealthy => ("unhealthy", Tone.Bad),
            _ => ("never seen", Tone.Quiet),
        };
        return new ProcessRow(
            process.Name,
            string.Join(", ", process.Roles),
            process.Pid?.ToString(CultureInfo.InvariantCulture) ?? "–",
            process.Address is { IsAbsoluteUri: true } address ? address.Authority : "–",
            state,
            tone,
            process.Since is { } since ? Duration.InWords(now - since) : "–",
            process.Detail ?? "");
    }
}
