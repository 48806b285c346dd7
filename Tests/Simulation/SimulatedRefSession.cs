using System.Collections.Immutable;
using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary><c>git update-ref --stdin</c> as a child that holds the locks of one transaction.</summary>
internal sealed class SimulatedRefSession(GitProcess child, DiskImage image, string repository, string? quarantine)
    : IRefSession
{
    private readonly RefTransaction _refs = new(new SimulatedDisk(image, child.Seam), image, repository, quarantine);
    private Task<string?> _prepare = Task.FromResult<string?>(null);

    public GitChild Child => child.Identity;

    public Task<string?> Prepare(ImmutableArray<RefUpdate> updates, CancellationToken cancellation)
    {
        _prepare = child.Run(() => _refs.Prepare(updates));
        return _prepare.WaitAsync(cancellation);
    }

    public async Task Commit(CancellationToken cancellation)
    {
        await child.Run(_refs.Commit);
        child.Kill();
    }

    public async Task Abort(CancellationToken cancellation)
    {
        // One command after the other, also when nobody waits for the first one's answer any more.
        var isHeard = _prepare.IsCompleted;
        await _prepare;
        await child.Run(_refs.Abort);
        child.Kill();
        // That answer is what the production session then reads instead of this one.
        if (!isHeard) throw new GitException("git update-ref did not abort.");
    }

    public ValueTask DisposeAsync()
    {
        child.Kill();
        return ValueTask.CompletedTask;
    }
}
