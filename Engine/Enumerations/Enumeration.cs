namespace Aedile.Engine.Enumerations;

/// <summary>One enumeration of an activation. Used only inside of the activation's turns.</summary>
internal abstract class Enumeration : IDisposable
{
    /// <summary>When it was last asked for something, or had answered, in the clock's timestamps.</summary>
    public long UsedAt { get; protected set; }

    /// <summary>Whether a call waits for a page.</summary>
    public bool IsBusy { get; protected set; }

    /// <summary>Answers a call that waits for items with "missing", at once. What runs goes on to its page.</summary>
    public abstract void Interrupt();

    /// <summary>
    /// Stops the iterator and lets it clean up, once: whoever asks gets the same task. It never throws.
    /// </summary>
    public abstract Task End();

    public abstract void Dispose();
}
