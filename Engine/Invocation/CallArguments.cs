using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>What emitted call classes call for each of their arguments.</summary>
internal static class CallArguments
{
    public static void Write<T>(WireWriter writer, object codec, T value) =>
        ((Codec<T>)codec).WriteElement(writer, value);

    /// <summary>Lets references to observers pass, and no object itself: it would be called past all rules.</summary>
    public static T RequireReference<T>(T value) => value is null or GrainReference
        ? value
        : throw new ArgumentException(
            $"{value.GetType()} is no reference: make one with IGrainFactory.CreateObjectReference, or, of a grain, "
            + "with AsReference.");

    /// <summary>Reads an argument; an older caller that didn't know it yet has written none.</summary>
    public static T Read<T>(WireReader reader, object codec, int position, int count) =>
        position < count ? ((Codec<T>)codec).ReadElement(reader) : ((Codec<T>)codec).Missing;
}
