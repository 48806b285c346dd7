using Aedile.Engine.Activations;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Reads identities off grains and references, and turns one into another.</summary>
public static class GrainExtensions
{
    /// <exception cref="ArgumentException">It is neither a reference nor a grain made by a silo.</exception>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase instance => instance.GrainContext.GrainId,
        _ => throw new ArgumentException($"{grain?.GetType()} is neither a grain nor a reference.", nameof(grain)),
    };

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <exception cref="InvalidOperationException">The key is no 64-bit integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain) => GrainKeys.ToInteger(grain.GetGrainId());

    /// <exception cref="InvalidOperationException">The key is no <see cref="Guid"/>.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain) => GrainKeys.ToGuid(grain.GetGrainId());

    /// <summary>
    /// Returns a reference to <paramref name="grain"/>, for instance to hand itself to another grain.
    /// </summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
        where TGrainInterface : IAddressable => grain switch
        {
            GrainReference reference => reference.Cast<TGrainInterface>(),
            IGrainBase { GrainContext: IActivation activation } =>
                activation.GrainFactory.GetGrain<TGrainInterface>(activation.GrainId),
            _ => throw new ArgumentException($"{grain?.GetType()} has no identity.", nameof(grain)),
        };
}
