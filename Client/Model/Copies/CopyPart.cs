using Aedile.Client.Fleet;

namespace Aedile.Client.Model.Copies;

/// <summary>A part of the model that is copied to agents; an agent has some of them whole and nothing else.</summary>
/// <param name="Name">Tells it from others.</param>
public readonly record struct CopyPart(string Name)
{
    /// <summary>What it takes to take or refuse a caller: every agent has it.</summary>
    public static CopyPart Trust { get; } = new("trust");

    /// <summary>What every storage node has.</summary>
    public static CopyPart Storage { get; } = new("storage");

    /// <summary>What is said about one node, whatever its roles.</summary>
    public static CopyPart Of(NodeName node) => new($"node/{node}");

    /// <summary>What one storage node holds.</summary>
    public static CopyPart StorageOf(NodeName node) => new($"storage/{node}");

    /// <summary>Whether more than a node or two may have it.</summary>
    public bool IsOfMany => this == Trust || this == Storage;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
