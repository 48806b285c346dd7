using System.Reflection;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>The runs of one set of seeds, made once for all tests that look at them.</summary>
public sealed class SeededRuns
{
    private const int Usual = 250;
    private readonly Lazy<(Tally Done, string? Failure)> _runs = new(
        static () => SeedPool.Run(Count, nameof(PowerLossTests), Execute));

    /// <summary>How many seeds.</summary>
    internal static ulong Count => SeedPool.Count(Usual);

    /// <summary>Compiled once: it is the slowest part of a run.</summary>
    internal static ProxyCompiler Proxies { get; } = new();

    /// <summary>Where the contracts and grains of pushes are.</summary>
    internal static IReadOnlyList<Assembly> Parts { get; } =
        [typeof(RepositoryOptions).Assembly, typeof(IRepositoryGrain).Assembly];

    /// <summary>Made once, for all silos of all runs.</summary>
    internal static Codecs Codecs { get; } = SiloLinks.CodecsOf(Parts, withStacks: false);

    /// <summary>What all runs together did.</summary>
    internal Tally Done => _runs.Value.Done;

    /// <summary>The first broken promise with its seed and the end of its trace; null when there was none.</summary>
    internal string? Failure => _runs.Value.Failure;

    /// <summary>One run without sabotage.</summary>
    internal static RunResult Execute(ulong seed, bool isTraceKept) =>
        new Run(seed, Proxies, Sabotage.None, isTraceKept).Execute();
}
