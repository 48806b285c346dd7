using System.Collections.Concurrent;
using Aedile.Engine.Invocation;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Activations;

/// <summary>The activations of one silo.</summary>
internal sealed class Catalog(Silo silo) : IGrainHost
{
    // Fixed, not the number of cores: the order of enumeration follows from it, and a simulated run must not depend
    // on the machine.
    private const int LockCount = 16;

    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new(LockCount, capacity: 1024);
    private volatile bool _isOpen;

    public int Count => _activations.Count;

    /// <summary>The activations there are, in no particular order.</summary>
    public IEnumerable<Activation> All => _activations.Select(activation => activation.Value);

    public void Open() => _isOpen = true;

    /// <summary>Whether there is a class for a call's grain that implements the contract.</summary>
    public bool Hosts(Call call) => silo.Manifest.Find(call.Target.Type) is { } grainClass
        && call.Method.Definition.Contract.IsAssignableFrom(grainClass.Type);

    /// <summary>Hands a call to its grain's activation, which it makes if there is none.</summary>
    public void Deliver(Call call)
    {
        while (true)
        {
            if (!_activations.TryGetValue(call.Target, out var activation))
            {
                if (!TryCreate(call, out activation)) return;
            }

            if (call.Cancellation is { } cancellation) cancellation.Server = activation;
            if (activation.TryAccept(call)) return;
        }
    }

    /// <summary>Says that a call was lost that nobody waits for.</summary>
    public void Dropped(Call call, string reason) => silo.Log.OneWayCallDropped(call.ToString(), reason);

    public void Remove(Activation activation) =>
        _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    /// <summary>Ends activations that nobody used for their class's collection age.</summary>
    public void CollectIdle()
    {
        var now = silo.Clock.GetTimestamp();
        foreach (var (_, activation) in _activations)
        {
            if (activation.SeemsIdle(now)) activation.EndIfIdle();
        }
    }

    /// <summary>Ends activations that nobody used for an age, whatever the age of their class.</summary>
    /// <returns>How many were that old.</returns>
    public int Collect(TimeSpan age)
    {
        var limit = silo.TimestampsOf(age);
        var now = silo.Clock.GetTimestamp();
        var found = 0;
        foreach (var (_, activation) in _activations)
        {
            if (!activation.SeemsIdle(now, limit)) continue;
            activation.EndIfIdle(limit);
            found++;
        }

        return found;
    }

    public async Task Release(Func<GrainId, bool> leaves, CancellationToken hurry)
    {
        var leaving = _activations.Values.Where(activation => leaves(activation.GrainId)).ToList();
        foreach (var activation in leaving)
        {
            activation.Deactivate(
                new(DeactivationReasonCode.ShuttingDown, "The grain lives on another silo from now on."), hurry);
        }

        await Task.WhenAll(leaving.Select(activation => activation.Deactivated));
    }

    /// <summary>Takes no new activation from now on, and ends all there are.</summary>
    public async Task Close(CancellationToken cancellationToken)
    {
        _isOpen = false;

        // A call that saw the catalog open may add one more activation after the first round.
        while (!_activations.IsEmpty)
        {
            var round = _activations.Values.ToArray();
            foreach (var activation in round)
            {
                activation.Deactivate(
                    new(DeactivationReasonCode.ShuttingDown, "The silo stops."), cancellationToken);
            }

            await Task.WhenAll(round.Select(activation => activation.Deactivated));
        }
    }

    /// <summary>Forgets everything at once.</summary>
    public void Drop()
    {
        _isOpen = false;
        _activations.Clear();
    }

    private bool TryCreate(Call call, out Activation activation)
    {
        activation = null!;
        var grainId = call.Target;
        if (!_isOpen)
        {
            call.TurnAway(new SiloUnavailableException(
                $"{call} was refused: the silo has not started or stops. The grain did not see the call."));
            return false;
        }

        if (silo.Manifest.Find(grainId.Type) is not { } grainClass)
        {
            call.Fail(new OrleansException($"{call} was refused: no grain class has the type {grainId.Type}."));
            return false;
        }

        activation = _activations.GetOrAdd(grainId, new Activation(silo, grainClass, grainId));

        // It may have got another owner since the call came here; then it is handed over like those that the release
        // has seen, and the call goes on to the new owner.
        if (silo.Router is { } router && !router.Self.Equals(router.OwnerOf(grainId)))
            activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The grain lives on another silo."));
        return true;
    }
}
