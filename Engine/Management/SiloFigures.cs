using Aedile.Engine.Activations;
using Aedile.Engine.Messaging;

namespace Aedile.Engine.Management;

/// <summary>What one silo says about its own activations.</summary>
internal sealed class SiloFigures(Catalog catalog)
{
    /// <summary>Answers other silos. Before the silo listens.</summary>
    public void Answer(ISiloMessenger messenger)
    {
        messenger.Answer<CountActivations, ActivationCounts>((_, _, _) => Task.FromResult(Count()));
        messenger.Answer<ListActivations, ActivationList>((_, question, _) => Task.FromResult(List(question)));
        messenger.Answer<CollectActivations, CollectActivationsReply>(
            (_, question, _) => Task.FromResult(Collect(question)));
    }

    public ActivationCounts Count() => new(
    [
        .. catalog.All.CountBy(activation => activation.GrainClass.Type.FullName!)
            .OrderBy(found => found.Key, StringComparer.Ordinal)
            .Select(found => new ActivationCount(found.Key, found.Value)),
    ]);

    public ActivationList List(ListActivations question) => new(
    [
        .. catalog.All
            .Select(activation => (Class: activation.GrainClass.Type.FullName!, activation.GrainId))
            .Where(found => question.Classes.IsEmpty || question.Classes.Contains(found.Class))
            .OrderBy(found => found.GrainId)
            .Select(found => new ListedActivation(found.Class, found.GrainId.ToString())),
    ]);

    public CollectActivationsReply Collect(CollectActivations question) =>
        new(catalog.Collect(question.Age));
}
