using System.Collections.Concurrent;
using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>The objects of one process that grains and other processes may call by reference. Thread-safe.</summary>
internal sealed class ObserverRegistry(ICallHost host, WorkRunner runner, TimeProvider clock, ILogger log)
{
    private readonly ConcurrentDictionary<GrainId, ObserverObject> _objects = [];
    private readonly ConcurrentDictionary<Type, MethodTable> _methods = [];
    private readonly LifeLimits _limits = new(host);
    private Lazy<CallWire>? _wire;
    private string? _process;
    private long _numbers;

    /// <summary>Says whose objects these are, once that is known; the first word counts.</summary>
    /// <param name="process">As in <see cref="ObserverId.ProcessOf(GrainId)"/>.</param>
    /// <param name="wire">Reads calls of other processes; null: there are none.</param>
    public void BelongTo(string process, Lazy<CallWire>? wire)
    {
        if (_process is not null) return;
        _wire = wire;
        _process = process;
    }

    /// <summary>Whether an observer would be an object of this process, there or gone.</summary>
    public bool IsOwn(GrainId observer) => _process is { } process && ObserverId.ProcessOf(observer) == process;

    /// <inheritdoc cref="IGrainFactory.CreateObjectReference"/>
    public GrainId Add(Type contract, IGrainObserver target)
    {
        ArgumentNullException.ThrowIfNull(target);
        RequireOutside();
        if (!contract.IsInterface) throw new ArgumentException($"{contract} is no interface.");
        if (!contract.IsInstanceOfType(target))
            throw new ArgumentException($"{target.GetType()} doesn't implement {contract}.", nameof(target));
        if (target is GrainReference) throw new ArgumentException("It is a reference already.", nameof(target));
        if (target is IGrainBase)
        {
            throw new ArgumentException(
                $"A grain is no observer object: hand its reference on, this.AsReference<{contract.Name}>().",
                nameof(target));
        }

        var process = _process ?? throw new InvalidOperationException(
            "The silo or client has not started, so nobody could call the observer yet: start its host first.");
        var methods = _methods.GetOrAdd(target.GetType(), MethodsOf);
        var id = ObserverId.Of(process, Interlocked.Increment(ref _numbers));
        _objects[id] = new ObserverObject(id, target, methods, this, runner);
        return id;
    }

    /// <inheritdoc cref="IGrainFactory.DeleteObjectReference"/>
    public void Remove(IGrainObserver reference)
    {
        RequireOutside();
        if (reference is not GrainReference { GrainId: var id } || !ObserverId.IsOne(id))
        {
            throw new ArgumentException(
                "It is no reference to an observer object: give what CreateObjectReference returned.",
                nameof(reference));
        }

        if (!_objects.TryRemove(id, out _))
            throw new ArgumentException($"{id} is no observer object of this process any more.", nameof(reference));
    }

    /// <summary>Hands a call of this process to its object.</summary>
    public void Deliver(Call call)
    {
        if (_objects.TryGetValue(call.Target, out var observer)) observer.Accept(call);
        else Gone(call, "it was deleted");
    }

    /// <summary>Serves a call that came from another process, under the rules of <see cref="ILinkOwner"/>.</summary>
    public void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        Call call;
        var wire = _wire!.Value;
        try
        {
            var reader = wire.Read(frame);
            var id = CallWire.ReadGrain(reader);
            if (!_objects.TryGetValue(id, out var observer))
            {
                Refuse(link, header, $"Observer {id} was deleted.", AnswerStatus.Gone);
                return;
            }

            call = wire.ReadRequest(reader, header, id, observer.Methods, link);
            if (call.Method.Definition.TakesToken) CallCancellation.AttachRemote(call);
            link.AddServed(header.Number, call);
            call.SentAt = clock.GetTimestamp();
            if (header.LifeMs != uint.MaxValue) host.Deadlines.Add(call, _limits.For(header.LifeMs));
            observer.Accept(call);
        }
        catch (WireException error)
        {
            Refuse(link, header, error.Message, AnswerStatus.Refused);
        }
    }

    /// <summary>Answers a call whose object has been collected, and forgets the object.</summary>
    public void Collected(ObserverObject observer, Call call)
    {
        if (_objects.TryRemove(observer.Id, out _)) log.ObserverCollected(observer.Id);
        Gone(call, "it was collected as garbage");
    }

    /// <summary>Says that a one-way call was dropped, because too many wait for their turn.</summary>
    public void TooMany(Call call) =>
        log.NoticeDropped(call.Method.Definition.Name, call.Target, "too many wait for their turn already");

    /// <summary>Says that a call that nobody waits for has failed.</summary>
    public void NoticeFailed(Call call, Exception error) =>
        log.NoticeFailed(error, call.Method.Definition.Name, call.Target);

    private static void RequireOutside()
    {
        // As in Orleans. The object would run beside the grain's turns, on what it shares with them.
        if (ActivationScope.Running is { } activation)
        {
            throw new InvalidOperationException(
                $"{activation.GrainId} can't make an observer reference inside of its turns: let the grain implement "
                + "the observer's interface, and hand on this.AsReference().");
        }
    }

    private void Gone(Call call, string why)
    {
        if (call.Method.Definition.IsOneWay) log.NoticeDropped(call.Method.Definition.Name, call.Target, why);
        call.Fail(new ClientNotAvailableException($"Observer {call.Target} can't be called: {why}."));
    }

    private void Refuse(PeerLink link, FrameHeader header, string reason, AnswerStatus status)
    {
        if (header.Flags.HasFlag(FrameFlags.OneWay)) log.ObserverCallRefused("of this process", link.Peer.Name, reason);
        else link.SendAnswer(header.Number, status, reason);
    }

    // Every observer contract of the class, not only the one of the reference: a reference can be cast.
    private MethodTable MethodsOf(Type type)
    {
        var contracts = type.GetInterfaces()
            .Where(contract => typeof(IGrainObserver).IsAssignableFrom(contract) && contract != typeof(IGrainObserver))
            .OrderBy(contract => contract.FullName, StringComparer.Ordinal).ToList();
        ContractRules.Check(contracts, host.ConvertedTypes);
        return _wire is null
            ? MethodTable.Empty
            : new MethodTable(contracts.SelectMany(host.GrainFactory.MethodsOf), _wire.Value.Codecs);
    }
}
