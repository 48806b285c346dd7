using System.Reflection;
using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Filters;

/// <summary>A call on its way to the method of its grain.</summary>
internal sealed class IncomingCall<TResult>(
    Call<TResult> call, Activation activation, object grain, IncomingFilters filters)
    : FilteredCall<TResult>(call, filters.Count), IIncomingGrainCallContext
{
    public override object Grain => grain;

    public override GrainId? SourceId => Call.Caller;

    public override GrainId TargetId => activation.GrainId;

    public MethodInfo ImplementationMethod => filters.ImplementationOf(InterfaceMethod);

    public IGrainContext TargetContext => activation;

    protected override BoundMethod Method => Call.Method;

    protected override async Task<object> Filter(int number)
    {
        var filter = filters.At(number, grain);
        await filter.Invoke(this);
        return filter;
    }

    protected override Task<TResult> Make() => Call.InvokeUnfiltered(grain);
}
