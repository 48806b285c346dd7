using Aedile.Grains.Interfaces.Model;

namespace Aedile.Silo.Model;

/// <summary>A command that nothing is wrong with could not be written now, or its outcome is unknown.</summary>
internal sealed class NotWrittenException(WriteReply reply) : Exception(
    reply.Outcome is WriteOutcome.InDoubt
        ? "It is not known whether the model was written."
        : "The model can't be written now.")
{
    /// <summary>Which of both.</summary>
    public WriteReply Reply => reply;
}
