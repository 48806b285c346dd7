using Orleans.Concurrency;

namespace Aedile.Tests.Engine.Observers;

/// <summary>What grains tell those who read.</summary>
[Alias("test-reader")]
public interface IReader : IGrainObserver
{
    void Note(string text);

    [OneWay]
    Task Hear(string text);

    Task<string> Answer(string question);

    [ResponseTimeout("00:00:02")]
    Task<string> AnswerSoon(string question);

    Task Hold(string gate);

    Task HoldUntilCancelled(string gate, CancellationToken ct);
}

/// <summary>An object that reads, and remembers what it was told.</summary>
public sealed class Reader(string name) : IReader
{
    public Stage Stage { get; } = new();

    public void Note(string text) => Stage.Tell(text);

    public Task Hear(string text)
    {
        Stage.Tell(text);
        return text == "fail" ? Task.FromException(new InvalidOperationException("deaf")) : Task.CompletedTask;
    }

    public Task<string> Answer(string question) => question == "fail"
        ? Task.FromException<string>(new InvalidOperationException($"{name} fails"))
        : Task.FromResult($"{name}: {question}");

    public Task<string> AnswerSoon(string question) => Answer(question);

    public Task Hold(string gate) => Stage.Pass(gate);

    public async Task HoldUntilCancelled(string gate, CancellationToken ct)
    {
        await Stage.Pass(gate);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Waits until a call of it is at a gate; fails the test if that call ends before.</summary>
    /// <remarks>
    /// Nothing else may hold it meanwhile: an engine holds observers weakly, and a test that waits for its reader alone
    /// is collected together with it, so that it never ends. Who waits for the call is held by whoever has sent it.
    /// </remarks>
    public async Task Reached(string gate, Task call)
    {
        var reached = Stage.Reached(gate);
        await Task.WhenAny(reached, call);
        if (!reached.IsCompleted) await call;
        Assert.True(reached.IsCompleted, $"The call ended before its gate '{gate}'.");
    }

    /// <summary>Waits until it was told so much.</summary>
    public async Task<IReadOnlyList<string>> Told(int lines)
    {
        while (Stage.Story.Count < lines) await Task.Yield();
        return Stage.Story;
    }
}
