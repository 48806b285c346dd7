using System.Reflection;
using System.Runtime.ExceptionServices;
using Aedile.Engine.Invocation;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Filters;

/// <summary>Leads one call through a chain of filters and keeps its outcome.</summary>
internal abstract class FilteredCall<TResult>(Call<TResult> call, int filters) : IGrainCallContext
{
    private int _stage;
    private object? _result;
    private ExceptionDispatchInfo? _failure;
    private bool _hasOutcome;

    public abstract object Grain { get; }

    public abstract GrainId? SourceId { get; }

    public abstract GrainId TargetId { get; }

    public GrainInterfaceType InterfaceType =>
        GrainInterfaceType.Create(ContractMethods.WireNameOf(Method.Definition.Contract));

    public string InterfaceName => Method.Definition.Contract.Name;

    public MethodInfo InterfaceMethod => Method.Definition.Definition;

    public string MethodName => InterfaceMethod.Name;

    public object? Result
    {
        get => _result;
        set => (_result, _failure, _hasOutcome) = (value, null, true);
    }

    protected Call<TResult> Call => call;

    protected abstract BoundMethod Method { get; }

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (stage < filters) await RunFilter(stage);
            else if (stage == filters) await RunCall();
            else throw new InvalidOperationException($"{Method.Definition.Name} runs already: a filter goes on twice.");
        }
        finally
        {
            // Back to where the filter stands that goes on: it may do so again.
            _stage = stage;
        }
    }

    /// <summary>Runs the whole chain.</summary>
    /// <returns>The result that the last word was.</returns>
    public async Task<TResult> Run()
    {
        await Invoke();

        // A filter that swallowed the error has not said what the result is instead.
        _failure?.Throw();
        return FromBox();
    }

    /// <summary>Runs one filter.</summary>
    /// <returns>What to call it when it breaks the rules.</returns>
    protected abstract Task<object> Filter(int number);

    /// <summary>Makes the call itself. It may run more than once.</summary>
    protected abstract Task<TResult> Make();

    private async Task RunFilter(int number)
    {
        var filter = await Filter(number);
        if (_hasOutcome) return;
        throw new InvalidOperationException(
            $"Filter {filter.GetType()} neither went on with {Method.Definition.Name} nor set its result.");
    }

    private async Task RunCall()
    {
        try
        {
            var result = await Make();
            Result = result is Nothing ? null : result;
        }
        catch (Exception error)
        {
            (_result, _failure, _hasOutcome) = (null, ExceptionDispatchInfo.Capture(error), true);
            throw;
        }
    }

    private TResult FromBox() => _result switch
    {
        TResult result => result,
        null when default(TResult) is null or Nothing => default!,
        _ => throw new InvalidCastException(
            $"A filter set the result of {Method.Definition.Name} to {_result?.GetType().ToString() ?? "null"}, "
            + $"but it is {typeof(TResult)}."),
    };
}
