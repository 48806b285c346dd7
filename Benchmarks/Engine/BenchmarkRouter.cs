using Aedile.Engine.Placement;

namespace Aedile.Benchmarks.Engine;

/// <summary>Two silos without a membership: grains that answer live in one, all others in the other.</summary>
internal sealed class BenchmarkRouter(SiloAddress self, SiloAddress answering, SiloAddress calling) : IRouter
{
    private static readonly GrainType Answering = GrainType.Create("echo");

    public SiloAddress Self => self;

    public long ViewVersion => 1;

    public SiloAddress? OwnerOf(GrainId grain) => grain.Type == Answering ? answering : calling;

    public ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation) => ValueTask.CompletedTask;

    public Task WhenNewerThan(long version, CancellationToken cancellation) =>
        version < ViewVersion
            ? Task.CompletedTask
            : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
}
