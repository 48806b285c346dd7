using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;

namespace Aedile.Engine.Enumerations;

/// <summary>A call of a method that returns an <see cref="IAsyncEnumerable{T}"/>: its answer is the first
/// page.</summary>
internal abstract class EnumerationStart<T> : Call<Page<T>>
{
    /// <summary>Made by the caller: names the enumeration in its grain.</summary>
    public Guid Id;

    /// <summary>How many items a page may have.</summary>
    public int BatchSize;

    /// <summary>Emitted: calls the method with the fields of this object as arguments.</summary>
    protected abstract IAsyncEnumerable<T> Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out Page<T>? result)
    {
        // The method's token lives as long as the enumeration; this call's own only as long as the first page.
        var stop = Token;
        var enumeration = ActivationScope.Running!.Enumerations.Add(Id, BatchSize, token =>
        {
            Token = token;
            return Invoke(grain);
        });
        return EnumerationCalls.Take(enumeration, EnumerationCalls.PatienceOf(this), stop, out result);
    }

    protected sealed override Page<T> ResultOf(Task finished) => ((Task<Page<T>>)finished).Result;
}
