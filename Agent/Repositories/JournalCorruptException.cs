namespace Aedile.Agent.Repositories;

/// <summary>The journal holds something that no crash can explain. The role must not run on it.</summary>
internal sealed class JournalCorruptException(string message, Exception? inner = null) : Exception(message, inner);
