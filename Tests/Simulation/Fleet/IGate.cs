namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A process by which users' calls come in: a silo, or a client.</summary>
internal interface IGate
{
    /// <summary>Whether it takes calls now.</summary>
    bool IsOpen { get; }

    /// <summary>Makes a user's call on its process, which doesn't end in order before it has an answer.</summary>
    Task<T> Call<T>(Func<IGrainFactory, Task<T>> call);
}
