using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A conditional write lost: the stored version is not the one that was read.</summary>
/// <remarks>
/// When it escapes a grain method, the activation it arose in ends, so that the next call reads anew.
/// </remarks>
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
        : this("The stored state is of another version.")
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    public InconsistentStateException(
        string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base($"{errorMsg} Stored version: {storedEtag ?? "none"}. Version read: {currentEtag ?? "none"}.",
            storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in the database, if it is known.</summary>
    public string? StoredEtag { get; }

    /// <summary>The version the writer had read.</summary>
    public string? CurrentEtag { get; }

    /// <summary>Set when it left the activation it arose in: callers further up must not end because of it.</summary>
    internal bool HasEndedItsActivation { get; set; }
}
