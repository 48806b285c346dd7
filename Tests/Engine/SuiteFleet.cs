namespace Aedile.Tests.Engine;

/// <summary>Two silos and a client of theirs, of whatever engine, for tests of what all engines must do.</summary>
public abstract class SuiteFleet : IAsyncDisposable
{
    /// <summary>Calls from inside of a silo, outside of grains.</summary>
    public abstract IGrainFactory Silo(int number);

    public abstract IGrainFactory Client { get; }

    /// <summary>What the grains of all silos tell.</summary>
    public abstract Stage Stage { get; }

    /// <summary>Makes a key whose grain lives on a silo, where the engine lets tests choose.</summary>
    public virtual string Key(int silo, string name) => $"{silo}:{name}";

    public abstract ValueTask DisposeAsync();

    /// <summary>Calls from the client, or from the first silo.</summary>
    public IGrainFactory From(string where) => where == "client" ? Client : Silo(0);
}
