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

    /// <summary>Waits until it was told so much.</summary>
    public async Task<IReadOnlyList<string>> Told(int lines)
    {
        while (Stage.Story.Count < lines) await Task.Yield();
        return Stage.Story;
    }
}
