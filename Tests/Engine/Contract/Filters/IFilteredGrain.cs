namespace Aedile.Tests.Engine.Filters;

/// <summary>A grain that filters its own calls; it tells the stage what runs when.</summary>
[Alias("test-filtered")]
public interface IFilteredGrain : IGrainWithStringKey
{
    Task<int> Double(int number);

    ValueTask<string?> Say(string word);

    Task Do();

    Task Fail(string message);

    /// <summary>Lets another grain of this kind say something.</summary>
    Task<string?> Ask(string other, string word);

    Task<string?> ReadContext(string key);
}

public sealed class FilteredGrain(Stage stage) : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    /// <summary>Runs its turns, as its last call saw it.</summary>
    public TaskScheduler? Scheduler { get; private set; }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        Scheduler = TaskScheduler.Current;
        stage.Tell($"grain before {context.MethodName}");
        await context.Invoke();
        stage.Tell($"grain after {context.MethodName}");
    }

    public Task<int> Double(int number)
    {
        stage.Tell($"double {number}");
        return Task.FromResult(2 * number);
    }

    public async ValueTask<string?> Say(string word)
    {
        await Task.Yield();
        stage.Tell($"say {word}");
        return word;
    }

    public Task Do() => Task.CompletedTask;

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public async Task<string?> Ask(string other, string word) =>
        await GrainFactory.GetGrain<IFilteredGrain>(other).Say(word);

    public Task<string?> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string);
}
