using Aedile.Client.Fleet;

namespace Aedile.Grains.Interfaces.Fleet;

/// <summary><see cref="NodeName"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.node-name")]
public readonly record struct NodeNameSurrogate([property: Id(0)] string Value);

/// <summary>Converts <see cref="NodeName"/>.</summary>
[RegisterConverter]
public sealed class NodeNameConverter : IConverter<NodeName, NodeNameSurrogate>
{
    /// <inheritdoc/>
    public NodeName ConvertFromSurrogate(in NodeNameSurrogate surrogate) =>
        NodeName.TryParse(surrogate.Value, null, out var name) ? name : default;

    /// <inheritdoc/>
    public NodeNameSurrogate ConvertToSurrogate(in NodeName value) => new(value.Value);
}
