using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. A reference is cheap, needs no I/O, and stays valid for ever.</summary>
/// <remarks>
/// <c>grainClassNamePrefix</c> picks a class by the start of its full name where several implement the interface.
/// Each method throws <see cref="ArgumentException"/> when no grain class, or more than one, fits.
/// </remarks>
public interface IGrainFactory
{
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <summary>Returns a reference to a grain whose identity is already known.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey);

    IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey);

    /// <summary>
    /// Makes a reference to an object of this process, which grains and other processes may call while the process is
    /// there. Outside of grains only.
    /// </summary>
    /// <remarks>
    /// The object is called by one call at a time, in order of arrival. It is held weakly: keep it for as long as it
    /// is to be called. Each call of this method makes another reference, and none outlives the process, so it is no
    /// part of stored state. A call of an object or process that is gone throws
    /// <see cref="ClientNotAvailableException"/>; a one-way call is dropped.
    /// </remarks>
    /// <exception cref="ArgumentException">It doesn't implement the interface, or is a grain or a
    /// reference.</exception>
    /// <exception cref="InvalidOperationException">A grain asks, the silo or client has not started, or the
    /// interface breaks the rules of contracts.</exception>
    TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;

    /// <summary>Takes a reference back: its object is called no more, except by calls that wait already.</summary>
    /// <param name="obj">What <see cref="CreateObjectReference"/> returned.</param>
    /// <exception cref="ArgumentException">It is no reference to an object of this process.</exception>
    void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;
}
