using Aedile.Client.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>One node in a silo's view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Row">Its row as last read or written; null while there is none.</param>
/// <param name="Own">Its newest session with this silo, ended or not; null when there never was one.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Since">Since when it counts as here, or as gone (UTC); null while it was never seen.</param>
/// <param name="Presence">Set while it is here.</param>
internal sealed record FleetNode(
    NodeName Name, SessionRow? Row, NodeSession? Own, Standing Standing, DateTimeOffset? Since, NodePresence? Presence)
{
    /// <summary>Its agent as it last said hello, to whichever silo; null while it was never seen.</summary>
    public AgentIdentity? Agent =>
        Own is { } own && (Row is null || own.Epoch is not { } epoch || epoch >= Row.Epoch)
            ? AgentIdentity.From(own.Hello)
            : Row?.Agent;

    /// <summary>A node of which nothing is known but its name.</summary>
    public static FleetNode Unseen(NodeName name) => new(name, null, null, Standing.Unknown, null, null);

    /// <summary>The node as it stands now; its presence ends or begins with it.</summary>
    public FleetNode Judge(Standing standing, DateTimeOffset now)
    {
        var agent = Agent;
        if (standing is Standing.Unknown || agent is null)
            return this with
            {
                Standing = Standing.Unknown, Presence = null,
                Since = Presence is null ? Since ?? Row?.EndedAt : now,
            };
        var isSame = Presence is { } here && here.BootId == agent.BootId && here.Endpoint == agent.Endpoint;
        return this with
        {
            Standing = standing,
            Presence = isSame ? Presence : new NodePresence(Name, agent.BootId, agent.Endpoint),
            Since = isSame ? Since : Row is { EndedAt: null } row ? row.BeganAt : Own?.BeganAt ?? now,
        };
    }
}
