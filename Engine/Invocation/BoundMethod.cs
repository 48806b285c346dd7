using Aedile.Engine.Messaging;

namespace Aedile.Engine.Invocation;

/// <summary>A method with what one process knows about calling it.</summary>
/// <param name="definition">The method.</param>
/// <param name="sender">Where calls of it leave.</param>
/// <param name="limit">The index of its response timeout in the process's <see cref="Deadlines"/>.</param>
internal sealed class BoundMethod(GrainMethod definition, CallSender sender, int limit)
{
    public GrainMethod Definition => definition;

    public CallSender Sender => sender;

    public int Limit => limit;

    /// <summary>How its calls cross the wire; made when the first one does, because most never do.</summary>
    public WireMethod? Wire { get; set; }
}
