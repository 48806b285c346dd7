namespace Aedile.Silo.Hosting;

/// <summary>
/// The program can't start as asked, for a reason its user can act on: shown as one sentence, exit code 2.
/// </summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
