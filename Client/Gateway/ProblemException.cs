namespace Aedile.Client.Gateway;

/// <summary>A gateway refused a request, and said why. Unless it says otherwise nothing was changed.</summary>
/// <param name="problem">What it said.</param>
public sealed class ProblemException(Problem problem) : Exception($"{problem.Title}: {problem.Detail}")
{
    private const string Prefix = "urn:aedile:";

    /// <summary>All that the gateway said.</summary>
    public Problem Problem => problem;

    /// <summary>The HTTP status.</summary>
    public int Status => problem.Status;

    /// <summary>What is wrong, as in <c>version-mismatch</c>: programs decide by it.</summary>
    public string Type => problem.Type.StartsWith(Prefix, StringComparison.Ordinal)
        ? problem.Type[Prefix.Length..]
        : problem.Type;

    /// <summary>The field, parameter or header at fault; null when there is none.</summary>
    public string? Field => problem.Field;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable => problem.Retryable;
}
