using System.Globalization;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Repositories;

/// <summary>A replica in words.</summary>
/// <param name="Node">Its storage node.</param>
/// <param name="Generation">What it holds, or a question mark.</param>
/// <param name="State">What is so, and what is done about it.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="IsPrimary">Whether it is the acting primary.</param>
/// <param name="Checksum">The first digits of its content checksum, or a dash.</param>
internal sealed record ReplicaRow(
    string Node, string Generation, string State, Tone Tone, bool IsPrimary, string Checksum)
{
    private const int ChecksumDigits = 12;

    /// <summary>All of it in one sentence, for tooltips and screen readers.</summary>
    public string Sentence => $"{Node}{(IsPrimary ? " (primary)" : "")}: generation {Generation}, {State}";

    public static ReplicaRow From(ReplicaResource replica, RepositoryResource repository)
    {
        var (state, tone) = Describe(replica, repository.Generation);
        return new ReplicaRow(
            replica.Node.Value,
            replica.Generation?.ToString(CultureInfo.InvariantCulture) ?? "?",
            state,
            tone,
            replica.Node == repository.Primary,
            replica.Checksum is { } checksum ? checksum[..Math.Min(ChecksumDigits, checksum.Length)] : "–");
    }

    private static (string State, Tone Tone) Describe(ReplicaResource replica, long generation) => replica switch
    {
        { Assigned: false } => ("not assigned, will be deleted", Tone.Quiet),
        { Healthy: false, UpToDate: true } => ("unreachable, up to date when last seen", Tone.Bad),
        { Healthy: false } => ("unreachable, " + Behind(replica, generation), Tone.Bad),
        { Repair: "fetching" } => ("fetching, " + Behind(replica, generation), Tone.Busy),
        { Repair: "joining" } => ("joining, " + Behind(replica, generation), Tone.Busy),
        { UpToDate: true } => ("up to date", Tone.Good),
        { Repair: "waiting" } => ("waiting for repair, " + Behind(replica, generation), Tone.Warning),
        _ => (Behind(replica, generation), Tone.Warning),
    };

    private static string Behind(ReplicaResource replica, long generation) => replica.Generation switch
    {
        null => "content unknown",
        // Equal or higher and yet not up to date: another write made that generation, so the content differs.
        { } own when own >= generation => "content differs",
        { } own => string.Create(CultureInfo.InvariantCulture, $"{generation - own} behind"),
    };
}
