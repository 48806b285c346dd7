using Orleans;

namespace Aedile.Engine.Storage;

/// <summary>The state of a grain that has no record.</summary>
internal static class FreshState
{
    public static void Reset<T>(IGrainState<T> grainState, string? etag = null)
    {
        grainState.State = Create<T>();
        grainState.ETag = etag;
        grainState.RecordExists = false;
    }

    /// <exception cref="InvalidOperationException">The type has no public constructor without parameters.</exception>
    private static T Create<T>()
    {
        try
        {
            return Activator.CreateInstance<T>();
        }
        catch (MissingMethodException cause)
        {
            throw new InvalidOperationException(
                $"State {typeof(T)} needs a public constructor without parameters: a new grain starts with it.", cause);
        }
    }
}
