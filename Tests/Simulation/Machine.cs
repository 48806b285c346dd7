using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;

namespace Aedile.Tests.Simulation;

/// <summary>A storage node's machine: its disk, its agent when one runs, and the agent's git children.</summary>
internal sealed class Machine
{
    /// <summary>Folder of the agent; there from the beginning.</summary>
    public const string AgentFolder = "/data";

    private readonly List<GitProcess> _children = [];
    private readonly Run _run;
    private int _boots;
    private int _pids = 100;

    public Machine(Run run, NodeName name)
    {
        (_run, Name, Chance) = (run, name, run.Chance.Split());
        Image.CreateFolder(AgentFolder);
        Image.FlushFolder("/");
        Boot();
    }

    /// <summary>The node's name.</summary>
    public NodeName Name { get; }

    /// <summary>Chance of this machine.</summary>
    public Chance Chance { get; }

    /// <summary>What is on its disk.</summary>
    public DiskImage Image { get; private set; } = new();

    /// <summary>Identity of the current boot.</summary>
    public string BootId { get; private set; } = "";

    /// <summary>Whether it has power.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether its network is cut off.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>The agent that runs; null when none does.</summary>
    public SimulatedAgent? Agent { get; private set; }

    /// <summary>Starts the agent's process, on a machine that has power.</summary>
    public void StartAgent()
    {
        if (!IsOn) Boot();
        Agent = new SimulatedAgent(_run, this);
    }

    /// <summary>The agent's process ends (kill -9, or by itself); its git children a little later.</summary>
    public void KillAgent()
    {
        Agent?.Process.Kill();
        Agent?.Died();
        Agent = null;
        foreach (var child in _children.Where(c => c.IsRunning))
        {
            // A child in the middle of a system call ends it before it hears the signal.
            var delay = Chance.OneIn(2) ? TimeSpan.Zero : Chance.Milliseconds(0, 60);
            if (delay == TimeSpan.Zero) child.Kill();
            else _run.Scheduler.At(_run.Scheduler.Now + delay, _run.Scheduler.Outside, child.Kill);
        }
    }

    /// <summary>The power goes, and with it what was not flushed.</summary>
    public void LosePower()
    {
        Agent?.Process.Kill(); // First, or it would hear of its children's end and start others.
        foreach (var child in _children) child.Kill();
        KillAgent();
        IsOn = false;
        Image.LosePower(Chance);
        _run.Scheduler.Trace.Add(Name.Value, "power-lost");
        _run.Done.Count("power losses");
    }

    /// <summary>The disk is lost for good; the machine gets an empty one.</summary>
    public void LoseDisk()
    {
        LosePower();
        Image = new DiskImage();
        Image.CreateFolder(AgentFolder);
        Image.FlushFolder("/");
        _run.Checks.DiskLost(Name);
        _run.Scheduler.Trace.Add(Name.Value, "disk-lost");
    }

    /// <summary>Starts a git child of the agent.</summary>
    public GitProcess StartGit()
    {
        var child = new GitProcess(_run, this, new GitChild(++_pids, _run.Scheduler.Now.Ticks, BootId));
        _children.RemoveAll(c => !c.IsRunning);
        _children.Add(child);
        return child;
    }

    /// <summary>Kills one running git child, as a machine out of memory does.</summary>
    public void KillOneChild()
    {
        var running = _children.Where(c => c.IsRunning).ToList();
        if (running.Count > 0) Chance.Pick(running).Kill();
    }

    /// <summary>Whether that very process still runs.</summary>
    public bool IsRunning(GitChild child) =>
        child.BootId == BootId && _children.Any(c => c.IsRunning && c.Identity == child);

    private void Boot()
    {
        IsOn = true;
        BootId = $"{Name}-boot-{++_boots}";
    }
}
