using System.Collections.Immutable;

namespace Aedile.Silo.Embedded;

/// <summary>A process that the fleet consists of.</summary>
/// <param name="Name">For an agent, its node's name.</param>
/// <param name="Role"><c>silo</c>, <c>agent</c> or <c>database</c>.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Arguments">For the .NET host: the program and its arguments.</param>
internal sealed record ChildSpec(string Name, string Role, Uri Address, ImmutableArray<string> Arguments)
{
    private const int Terminate = 15;

    /// <summary>What is started. Default: the .NET host.</summary>
    public string Program { get; init; } = Environment.ProcessPath!;

    /// <summary>
    /// What must be done before each start; what it says went wrong ends that start, and it is done again.
    /// </summary>
    public Func<CancellationToken, Task<string?>> Prepare { get; init; } = static _ => Task.FromResult<string?>(null);

    /// <summary>Number of the signal that asks it to end. Default: SIGTERM.</summary>
    public int StopSignal { get; init; } = Terminate;
}
