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
}
