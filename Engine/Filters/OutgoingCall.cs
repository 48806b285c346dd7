using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Filters;

/// <summary>A call on its way out.</summary>
internal sealed class OutgoingCall<TResult>(
    Call<TResult> call, GrainReference target, BoundMethod method, OutgoingFilters filters)
    : FilteredCall<TResult>(call, filters.Count), IOutgoingGrainCallContext
{
    public override object Grain => target;

    public override GrainId? SourceId => SourceContext?.GrainId;

    public override GrainId TargetId => target.GrainId;

    public IGrainContext? SourceContext { get; } = ActivationScope.Current;

    protected override BoundMethod Method => method;

    protected override async Task<object> Filter(int number)
    {
        var filter = filters.At(number);
        await filter.Invoke(this);
        return filter;
    }

    protected override Task<TResult> Make()
    {
        // A call has one answer; a filter that tries again makes another call.
        var made = Call.Again();
        if (method.Definition.IsOneWay) return SendOneWay(made);
        var answer = made.Expect();
        method.Sender.Send(made, target.GrainId, method);
        return answer;
    }

    private async Task<TResult> SendOneWay(Call<TResult> made)
    {
        method.Sender.Send(made, target.GrainId, method);
        await made.WhenTaken();
        return default!; // Nobody answers it.
    }
}
