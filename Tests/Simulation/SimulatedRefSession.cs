using System.Collections.Immutable;
using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary><c>git update-ref --stdin</c> as a child that holds the locks of one transaction.</summary>
internal sealed class SimulatedRefSession(GitProcess child, DiskImage image, string repository, string? quarantine)
    : IRefSession
{
    private readonly RefTransaction _refs = new(new SimulatedDisk(image, child.Seam), image, repository, quarantine);

    public GitChild Child => child.Identity;

    public Task<string?> Prepare(ImmutableArray<RefUpdate> updates, CancellationToken cancellation) =>
        child.Run(() => _refs.Prepare(updates)).WaitAsync(cancellation);

    public async Task Commit(CancellationToken cancellation)
    {
        await child.Run(_refs.Commit);
        child.Kill();
    }

    public async Task Abort(CancellationToken cancellation)
    {
        await child.Run(_refs.Abort);
        child.Kill();
    }

    public ValueTask DisposeAsync()
    {
        child.Kill();
        return ValueTask.CompletedTask;
    }
}
