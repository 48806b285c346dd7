namespace Aedile.Engine.Messaging;

/// <summary>The other end of a new link is not who it should be, or refuses this end.</summary>
internal sealed class GreetingException(string message) : IOException(message)
{
    /// <summary>Whether the other end said nothing at all: it may not even have been reached.</summary>
    public bool IsSilence { get; init; }
}
