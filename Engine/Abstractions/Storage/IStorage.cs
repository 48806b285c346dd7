namespace Orleans.Core;

/// <summary>Stored state of a grain, without its value.</summary>
public interface IStorage
{
    /// <summary>The version last read or written; null when there is no record.</summary>
    string? Etag { get; }

    bool RecordExists { get; }

    Task ReadStateAsync();

    /// <inheritdoc cref="WriteStateAsync(CancellationToken)"/>
    Task WriteStateAsync();

    /// <inheritdoc cref="ClearStateAsync(CancellationToken)"/>
    Task ClearStateAsync();

    /// <summary>Replaces the value in memory by the stored one.</summary>
    Task ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Stores the value if nobody else did since <see cref="Etag"/>.</summary>
    /// <exception cref="Storage.InconsistentStateException">
    /// Somebody did. Let it escape: the activation ends, and the next call reads the state anew.
    /// </exception>
    Task WriteStateAsync(CancellationToken cancellationToken);

    /// <summary>Empties the record if nobody else wrote since <see cref="Etag"/>, and the value in memory.</summary>
    Task ClearStateAsync(CancellationToken cancellationToken);
}
