namespace Aedile.Engine.Storage;

/// <summary>The database may have committed, and only its answer is lost.</summary>
internal sealed class CommitLostException(Exception cause) : Exception("The commit's outcome is unknown.", cause);
