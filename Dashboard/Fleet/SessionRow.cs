using System.Globalization;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Fleet;

/// <summary>A node's session in words: what the table shows, decided here and nowhere else.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="Silo">The silo that holds its session, or held it last.</param>
/// <param name="Epoch">The session's epoch, or a dash.</param>
/// <param name="For">How long it is so.</param>
/// <param name="Beat">When it was last heard of, by its own silo alone.</param>
/// <param name="Boot">The beginning of the agent's boot id, or a dash.</param>
/// <param name="BootId">All of it.</param>
/// <param name="Version">Version of the agent's program.</param>
internal sealed record SessionRow(
    string Node, string State, Tone Tone, string Silo, string Epoch, string For, string Beat, string Boot,
    string BootId, string Version)
{
    private const string None = "–";
    private const int BootDigits = 8;

    public static SessionRow From(SessionView session, DateTimeOffset now)
    {
        var node = session.Node;
        var (state, tone) = node.State switch
        {
            "running" when node.Epoch is null => ("provisional", Tone.Warning),
            "running" => ("running", Tone.Good),
            "moving" => ("moving to another silo", Tone.Busy),
            _ when node.Since is null && node.Silo is null => ("never seen", Tone.Quiet),
            _ => ("unknown", Tone.Bad),
        };
        var boot = session.Boot?.ToString("N", CultureInfo.InvariantCulture);
        return new SessionRow(
            node.Name.Value, state, tone, node.Silo ?? None,
            node.Epoch?.ToString(CultureInfo.InvariantCulture) ?? None,
            node.Since is { } since ? Duration.InWords(now - since) : None,
            node.LastBeat is { } beat ? $"{Duration.InWords(now - beat)} ago" : None,
            boot?[..BootDigits] ?? None, boot ?? "", node.AgentVersion ?? None);
    }
}
