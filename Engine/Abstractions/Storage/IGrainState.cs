namespace Orleans;

/// <summary>What a storage reads into and writes from.</summary>
public interface IGrainState<T>
{
    T State { get; set; }

    /// <summary>The version of the record; null when there is none.</summary>
    string? ETag { get; set; }

    bool RecordExists { get; set; }
}
