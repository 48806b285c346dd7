using System.Collections.Immutable;

namespace Aedile.Silo.Embedded;

/// <summary>A process that the fleet consists of.</summary>
/// <param name="Name">For an agent, its node's name.</param>
/// <param name="Role"><c>silo</c> or <c>agent</c>.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Arguments">Program and arguments for the .NET host.</param>
internal sealed record ChildSpec(string Name, string Role, Uri Address, ImmutableArray<string> Arguments);
