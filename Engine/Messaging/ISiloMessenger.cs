using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>
/// Asks the engines of other silos, not their grains: probes, views, hand-over, counts. Questions and replies are
/// contract records of the engine itself.
/// </summary>
internal interface ISiloMessenger
{
    /// <summary>Sends a question and waits for its reply.</summary>
    /// <exception cref="SiloUnavailableException">The connection was refused or broke; the outcome is
    /// unknown.</exception>
    /// <exception cref="TimeoutException">There was no reply within the limit.</exception>
    Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull;

    /// <summary>Says who replies to a type of question. Call it before the silo listens.</summary>
    void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull;

    /// <summary>
    /// How many messages, of any kind, have come from a silo: while this grows, it runs, however late its replies are.
    /// </summary>
    long ReceivedFrom(SiloAddress silo) => 0; // A messenger that can't tell judges by replies alone.

    /// <summary>
    /// Called, on any thread, with a silo whose link has ended: its process may be gone. It must be quick.
    /// </summary>
    Action<SiloAddress> LinkEnded
    {
        set { } // A messenger that can't tell is one whose silos are noticed by probes alone.
    }

    /// <summary>
    /// Breaks what is connected to a silo that is dead, and refuses it from now on. Calls in flight to it fail at once.
    /// </summary>
    void Abandon(SiloAddress dead);

    /// <summary>
    /// Sends nothing new to a silo that left in order, and refuses it from now on. Answers that are on their way from
    /// it still arrive: the word that it left may be faster than they are.
    /// </summary>
    void Release(SiloAddress left) => Abandon(left);
}
