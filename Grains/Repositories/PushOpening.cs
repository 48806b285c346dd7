using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Opens pushes: which nodes take the pack, and which refs are refused at once. Writes nothing.</summary>
internal static class PushOpening
{
    /// <summary>See <see cref="IRepositoryGrain.Begin"/>.</summary>
    public static BeginReply Begin(RepositoryContext context, BeginPush command)
    {
        var row = context.Row.Durable;
        var quorum = ReplicaSet.Quorum(row.Replicas.Length);
        var availability = ReplicaSet.ForWrite(row, context.Facts());
        if (availability is not Availability.Available) return new BeginReply(availability, [], quorum, []);

        var serving = context.Serving();
        var joining = context.Joining.Where(context.Nodes.IsHealthy).Except(serving);
        context.Pushes.Begin(command.Transaction, [.. serving, .. joining]);
        var participants = serving
            .Select(n => new PushParticipant(n, RepositoryViews.Of(context.NoticeFor(n)), true))
            .Concat(joining.Select(n => new PushParticipant(n, null, false)));
        context.Points.Reach("begun");
        return new BeginReply(
            availability, [.. participants], quorum, WritePolicy.Refuse(row, command.Updates, command.Atomic));
    }
}
