using Aedile.Engine.Enumerations;
using Aedile.Engine.Invocation;

namespace Orleans.Runtime;

/// <summary>
/// A reference to a grain: an identity and the contract to call it by. Equal when the identities are.
/// </summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(ReferenceShape shape, GrainId grainId)
    {
        Shape = shape;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    public GrainInterfaceType InterfaceType => Shape.InterfaceType;

    public string InterfaceName => Shape.InterfaceName;

    internal ReferenceShape Shape { get; }

    /// <summary>Returns a reference to the same grain by another of its contracts.</summary>
    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable =>
        this is TGrainInterface same ? same : Shape.Factory.GetGrain<TGrainInterface>(GrainId);

    /// <summary>Called by emitted proxies: sends the call and returns its answer to come.</summary>
    internal Task<TResult> Invoke<TResult>(Call<TResult> call, int method)
    {
        var bound = Shape.Methods[method];
        if (bound.Filters is { } filters) return filters.Send(call, this, bound);
        var answer = call.Expect();
        bound.Sender.Send(call, GrainId, bound);
        return answer;
    }

    /// <summary>Sends a call that no proxy made.</summary>
    internal Task<TResult> Send<TResult>(Call<TResult> call, BoundMethod method)
    {
        if (method.Filters is { } filters) return filters.Send(call, this, method);
        var answer = call.Expect();
        method.Sender.Send(call, GrainId, method);
        return answer;
    }

    /// <summary>Called by emitted proxies for methods whose items are enumerated.</summary>
    internal IAsyncEnumerable<T> Enumerate<T>(EnumerationStart<T> call, int method) =>
        new RemoteEnumerable<T>(this, call, Shape.Methods[method]);

    /// <summary>Called by emitted proxies for methods without an answer.</summary>
    internal Task InvokeOneWay(Call call, int method)
    {
        var bound = Shape.Methods[method];
        if (bound.Filters is { } filters) return filters.SendOneWay((Call<Nothing>)call, this, bound);
        bound.Sender.Send(call, GrainId, bound);
        return call.WhenTaken();
    }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"{InterfaceName} on {GrainId}";
}
