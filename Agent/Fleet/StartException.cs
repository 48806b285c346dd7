namespace Aedile.Agent.Fleet;

/// <summary>The agent can't start as asked; the message is for whoever started it. Exit code 2.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
