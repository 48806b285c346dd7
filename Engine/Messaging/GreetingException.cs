namespace Aedile.Engine.Messaging;

/// <summary>The other end of a new link is not who it should be, or refuses this end.</summary>
internal sealed class GreetingException(string message) : IOException(message)
{
    /// <summary>Whether the other end said nothing at all: it may not even have been reached.</summary>
    public bool IsSilence { get; init; }

    /// <summary>Whether it is of the official packages: no later try can help.</summary>
    public bool IsOtherEngine { get; init; }

    /// <summary>Whether an error came of that.</summary>
    public static bool IsOfOtherEngine(Exception? error) =>
        error is GreetingException { IsOtherEngine: true }
        || (error?.InnerException is { } inner && IsOfOtherEngine(inner));
}
