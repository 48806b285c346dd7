using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Enumerations;

/// <summary>What a proxy returns for a method that returns an <see cref="IAsyncEnumerable{T}"/>. Nothing is called
/// before it is enumerated; each enumeration calls the method anew.</summary>
internal sealed class RemoteEnumerable<T>(GrainReference grain, EnumerationStart<T> call, BoundMethod method)
    : IAsyncEnumerable<T>
{
    /// <summary>How many items a page may have. Default 100.</summary>
    public int BatchSize { get; set; } = 100;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var start = (EnumerationStart<T>)call.Again();
        start.BatchSize = BatchSize;
        return new RemoteEnumerator<T>(grain, start, method, cancellationToken);
    }
}
