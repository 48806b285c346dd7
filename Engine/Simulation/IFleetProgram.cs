namespace Aedile.Engine.Simulation;

/// <summary>What one process of a simulated fleet runs: a silo, or a part of one.</summary>
internal interface IFleetProgram
{
    /// <summary>Runs it, on its process. When it throws, the process ends.</summary>
    Task Start();

    /// <summary>SIGTERM: ends in order.</summary>
    Task Stop();

    /// <summary>The process is dead already; lets go of what lies outside of it. Nothing of it runs any more.</summary>
    void Crash();
}
