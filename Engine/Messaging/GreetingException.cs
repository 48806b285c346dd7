namespace Aedile.Engine.Messaging;

/// <summary>The other end of a new link is not who it should be, or refuses this end.</summary>
internal sealed class GreetingException(string message) : IOException(message);
