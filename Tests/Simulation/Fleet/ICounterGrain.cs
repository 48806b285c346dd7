namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A number that is stored, and who changed it.</summary>
[Alias("aedile.tests.ICounterGrain")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Adds, and returns the sum. 0 is stored all the same: a read that can't be stale.</summary>
    /// <param name="operation">Names this call, to see whether it took effect once.</param>
    /// <param name="number">How much.</param>
    [Alias("Add")]
    Task<long> Add(long operation, int number);

    /// <summary>The sum as the activation knows it, without looking at the database.</summary>
    [Alias("Peek")]
    Task<long> Peek();

    /// <summary>Asks another counter to add, from inside of a turn.</summary>
    [Alias("Forward")]
    Task<long> Forward(string other, long operation, int number);
}
