using Aedile.Engine.Filters;
using Aedile.Engine.Messaging;

namespace Aedile.Engine.Invocation;

/// <summary>A method with what one process knows about calling it.</summary>
/// <param name="definition">The method.</param>
/// <param name="sender">Where calls of it leave.</param>
/// <param name="limit">The index of its response timeout in the process's <see cref="Deadlines"/>.</param>
/// <param name="filters">What runs around its calls in this process; null: nothing.</param>
internal sealed class BoundMethod(GrainMethod definition, CallSender sender, int limit, OutgoingFilters? filters)
{
    public GrainMethod Definition => definition;

    public CallSender Sender => sender;

    public int Limit => limit;

    public OutgoingFilters? Filters => filters;

    /// <summary>Asks for the next page, if what it returns is enumerated.</summary>
    public BoundMethod? Next { get; set; }

    /// <summary>Ends an enumeration, if what it returns is enumerated.</summary>
    public BoundMethod? End { get; set; }

    /// <summary>How its calls cross the wire; made when the first one does, because most never do.</summary>
    public WireMethod? Wire { get; set; }
}
