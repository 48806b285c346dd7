using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Model;

/// <summary>The replicas that hear of each entry at once. Who doesn't come back in time is forgotten.</summary>
internal sealed class Followers(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(15);

    private readonly Dictionary<IModelFollower, long> _seen = [];

    public void Keep(IModelFollower follower) => _seen[follower] = clock.GetTimestamp();

    /// <summary>Sends entries to each; nobody waits for it.</summary>
    public void Tell(ImmutableArray<ModelEntry> entries)
    {
        foreach (var (follower, seen) in _seen.ToList())
        {
            if (clock.GetElapsedTime(seen) > Kept) _seen.Remove(follower);
            else _ = Send(follower, entries);
        }
    }

    private async Task Send(IModelFollower follower, ImmutableArray<ModelEntry> entries)
    {
        try
        {
            await follower.Take(entries);
        }
        catch (Exception error)
        {
            // It reads the journal by itself.
            log.FollowerNotTold(error.Message);
            _seen.Remove(follower);
        }
    }
}
