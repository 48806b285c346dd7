using Aedile.Grains.Interfaces.Model;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Aedile.Grains.Model;

/// <summary>
/// Gives the <see cref="Sequencer"/> its turns, and tells replicas. Nothing rests on its being the only one: the
/// journal's head does.
/// </summary>
[Reentrant]
internal sealed class ModelGrain : Grain, IModelGrain
{
    private readonly Sequencer _sequencer;
    private readonly Followers _followers;

    public ModelGrain(IModelJournal journal, IModelReplica replica, TimeProvider clock, ILogger<ModelGrain> log)
    {
        _followers = new Followers(clock, log);
        _sequencer = new Sequencer(journal, replica, _followers.Tell, clock, log);
    }

    /// <inheritdoc/>
    public async Task<WriteReply> Write(WriteCommand command, CancellationToken cancellation)
    {
        var reply = await _sequencer.Write(command, cancellation);
        if (_sequencer.HasEnded) DeactivateOnIdle();
        return reply;
    }

    /// <inheritdoc/>
    public Task<long> Follow(IModelFollower follower, CancellationToken cancellation)
    {
        _followers.Keep(follower);
        return Task.FromResult(_sequencer.Index);
    }
}
