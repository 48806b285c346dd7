using Aedile.Agent.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>A git child: a process of its own, whose death its parent hears of as an error.</summary>
internal sealed class GitProcess
{
    private readonly TaskCompletionSource _died = new();
    private readonly SimulatedProcess _process;

    public GitProcess(Run run, Machine machine, GitChild identity)
    {
        Identity = identity;
        _process = run.Scheduler.Start($"git-{machine.Name}-{identity.Pid}");
        Seam = new Seam(run.Scheduler, _process, run.Faults, machine.Chance);
    }

    /// <summary>Its identity, for the journal.</summary>
    public GitChild Identity { get; }

    /// <summary>Its border.</summary>
    public Seam Seam { get; }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => _process.IsAlive;

    /// <summary>SIGKILL: what it held stays where it is.</summary>
    public void Kill()
    {
        _process.Kill();
        _died.TrySetResult();
    }

    /// <summary>Runs work in it.</summary>
    /// <exception cref="GitException">It died.</exception>
    public Task Run(Func<Task> work) => Run(async () => { await work(); return true; });

    /// <summary>Runs work in it.</summary>
    /// <exception cref="GitException">It died.</exception>
    public async Task<T> Run<T>(Func<Task<T>> work)
    {
        if (!IsRunning) throw new GitException($"git {Identity.Pid} is gone.");
        var done = _process.Run(work);
        if (await Task.WhenAny(done, _died.Task) != done) throw new GitException($"git {Identity.Pid} was killed.");
        return await done;
    }
}
