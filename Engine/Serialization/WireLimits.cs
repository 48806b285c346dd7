namespace Aedile.Engine.Serialization;

/// <summary>How large a value on the wire may be, so that a peer can't exhaust memory or stack.</summary>
/// <param name="Bytes">Of one message.</param>
/// <param name="Depth">Of objects within objects.</param>
internal sealed record WireLimits(int Bytes, int Depth)
{
    public static WireLimits Default { get; } = new(100 * 1024 * 1024, 64);
}
