namespace Aedile.Engine.Messaging;

/// <summary>The other end of a new link is not who it should be, or refuses this end.</summary>
internal sealed class GreetingException(string message) : IOException(message)
{
    /// <summary>Whether the other end said nothing at all: it may not even have been reached.</summary>
    public bool IsSilence { get; init; }

    /// <summary>Whether it is of the official packages: no later try can help.</summary>
    public bool IsOtherEngine { get; init; }

    /// <summary>Whether the other end knows that this silo was declared dead: it must end.</summary>
    public bool IsDeathNotice { get; init; }

    /// <summary>The refusal that an error came of; null: there was none.</summary>
    public static GreetingException? CauseOf(Exception? error) =>
        error is null or GreetingException ? (GreetingException?)error : CauseOf(error.InnerException);
}
