using System.Reflection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>One call on its way through filters. For one flow at a time.</summary>
public interface IGrainCallContext
{
    /// <summary>The grain where it is called, its reference where the call is made.</summary>
    object Grain { get; }

    /// <summary>The method of the contract.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The contract's name without its namespace.</summary>
    string InterfaceName { get; }

    GrainInterfaceType InterfaceType { get; }

    string MethodName { get; }

    /// <summary>
    /// The call's result: null before there is one, when it failed, and when the method has none. Setting it makes
    /// the call succeed with that value, which must be of the method's type.
    /// </summary>
    object? Result { get; set; }

    /// <summary>The calling grain; null outside of grains.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    /// <summary>
    /// Goes on with the next filter or the call itself, and ends when it has ended. A filter may call it again when
    /// it has ended, to try once more; one that never calls it must set <see cref="Result"/>.
    /// </summary>
    /// <remarks>
    /// What the call throws comes out here. A filter that catches it and sets no result only delays it.
    /// </remarks>
    Task Invoke();
}
