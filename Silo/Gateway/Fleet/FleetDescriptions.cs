using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Turns a silo's view into what REST shows. Pure.</summary>
internal static class FleetDescriptions
{
    /// <summary>A node.</summary>
    public static NodeResource Describe(FleetNode node, SiloIdentity me, SiloWatch silos)
    {
        var own = node.Own is { Stands: true } session ? session : null;
        var holder = own is not null ? me.Name : Name(node.Row?.Run, me, silos);
        var agent = node.Agent;
        return new NodeResource(
            node.Name, node.Standing is not Standing.Unknown, Word(node.Standing), holder,
            own is null ? node.Row?.Epoch : own.Epoch, agent?.Roles ?? [], agent?.Pid, agent?.Endpoint, agent?.Version,
            node.Since, node.Own?.LastBeat);
    }

    /// <summary>All silos by name: this one as it says itself, the others as they are seen.</summary>
    public static ImmutableArray<SiloResource> Describe(SiloResource me, Guid run, SiloWatch silos, TimeSpan now) =>
    [
        .. silos.Sights.Values.Where(s => s.Row is { } row && row.Run != run && row.Name != me.Name)
            .GroupBy(s => s.Row!.Name).Select(g => Describe(g.MaxBy(s => s.Row!.StartedAt)!, now))
            .Append(me).OrderBy(s => s.Name, StringComparer.Ordinal),
    ];

    private static SiloResource Describe(SiloSight sight, TimeSpan now)
    {
        var row = sight.Row!;
        var reason = sight.GoneAt is null ? null
            : row.StoppedAt is not null ? "It stopped."
            : $"Not heard of for {(int)(now - sight.HeardAt).TotalSeconds} s.";
        return new SiloResource(
            row.Name, row.Pid, row.Gateway, row.Version, row.StartedAt, sight.GoneAt is null, reason);
    }

    private static string? Name(Guid? run, SiloIdentity me, SiloWatch silos) => run switch
    {
        null => null,
        { } id when id == me.Run => me.Name,
        { } id => silos.Sights.GetValueOrDefault(id)?.Row?.Name,
    };

    private static string Word(Standing standing) => standing switch
    {
        Standing.Running => "running",
        Standing.Moving => "moving",
        _ => "unknown",
    };
}
