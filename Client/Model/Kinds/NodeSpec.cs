using System.Collections.Immutable;

namespace Aedile.Client.Model.Kinds;

/// <summary>A machine that runs our agent. Its id is the node's name.</summary>
/// <param name="Attributes">What <c>#attribute</c> selects it by.</param>
/// <param name="IsDrained">Nothing new is placed on it.</param>
[EntityKind("node", "nodes")]
public sealed record NodeSpec(ImmutableArray<string> Attributes, bool IsDrained = false) : EntitySpec;
