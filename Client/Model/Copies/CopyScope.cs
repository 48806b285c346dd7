using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Client.Model.Copies;

/// <summary>Which parts of the model one agent has. An entity is in at most one of the parts of a scope.</summary>
/// <param name="Parts">By what they are, no part twice.</param>
public sealed record CopyScope(ImmutableArray<CopyPart> Parts)
{
    private const string StorageRole = "storage";

    /// <summary>The node whose agent has it; null when nobody has it.</summary>
    public NodeName? Node { get; private init; }

    /// <summary>The scope of a node's agent. A role that is not known here adds nothing.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="roles">What it does.</param>
    public static CopyScope Of(NodeName node, ImmutableArray<string> roles) => new(
    [
        CopyPart.Trust, CopyPart.Of(node),
        .. roles.IsDefault || !roles.Contains(StorageRole)
            ? ImmutableArray<CopyPart>.Empty
            : [CopyPart.Storage, CopyPart.StorageOf(node)],
    ])
    {
        Node = node,
    };
}
