namespace Orleans;

/// <summary>A plain <see cref="IGrainState{T}"/>.</summary>
public sealed class GrainState<T> : IGrainState<T>
{
    public GrainState() => State = default!;

    public GrainState(T state)
        : this(state, null)
    {
    }

    public GrainState(T state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    public T State { get; set; }

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
