using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Aedile.Grains.Interfaces.Model;

/// <summary>A silo's replica of the model, as the sequencer sees it.</summary>
[Alias("model-follower")]
public interface IModelFollower : IGrainObserver
{
    /// <summary>Takes entries that were just written, in the order of their indexes.</summary>
    [Alias("take"), OneWay]
    Task Take(ImmutableArray<ModelEntry> entries);
}
