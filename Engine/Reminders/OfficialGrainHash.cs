using System.Buffers.Binary;
using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>
/// The hash of a grain as the official engine stores and looks for it: a row without it would tick under one engine
/// only. It takes the same digests as ours (xxHash32) from the other end, and adds where ours mixes.
/// </summary>
internal static class OfficialGrainHash
{
    public static int Of(GrainId grain)
    {
        var type = BinaryPrimitives.ReverseEndianness(grain.Type.GetUniformHashCode());
        var key = BinaryPrimitives.ReverseEndianness(grain.Key.GetUniformHashCode());
        return unchecked((int)((type * 31) + key));
    }
}
