using System.Collections.Immutable;

namespace Aedile.Tests.Engine.Observers;

/// <summary>A grain that has readers.</summary>
[Alias("test-bulletin")]
public interface IBulletinGrain : IGrainWithStringKey
{
    /// <returns>How many readers it has then.</returns>
    Task<int> Subscribe(IReader reader);

    Task<int> Unsubscribe(IReader reader);

    /// <summary>Notes it with all readers, in a call each that nobody waits for.</summary>
    Task Publish(string text);

    /// <summary>Asks all readers, one after the other.</summary>
    Task<ImmutableArray<string>> Ask(string question);

    Task<ImmutableArray<string>> AskSoon(string question);

    Task Hold(string gate);

    /// <summary>Calls a reader with a token that is cancelled when the reader has come to its gate.</summary>
    Task<bool> HoldUntilCancelled(string gate, IReader signal);

    /// <summary>Hands its readers on to another grain.</summary>
    Task PassTo(string key);

    Task SubscribeAll(ImmutableArray<IReader> readers);

    /// <summary>Subscribes itself, as an observer, with another grain.</summary>
    Task Follow(string key);

    Task<ImmutableArray<string>> Noted();

    Task<string> TryToMakeAReference();
}

public sealed class BulletinGrain(Stage stage) : Grain, IBulletinGrain, IReader
{
    private readonly List<IReader> _readers = [];
    private readonly List<string> _noted = [];

    public Task<int> Subscribe(IReader reader)
    {
        if (!_readers.Contains(reader)) _readers.Add(reader);
        return Task.FromResult(_readers.Count);
    }

    public Task<int> Unsubscribe(IReader reader)
    {
        _readers.Remove(reader);
        return Task.FromResult(_readers.Count);
    }

    public async Task Publish(string text)
    {
        foreach (var reader in _readers)
        {
            reader.Note(text);
            await reader.Hear(text);
        }
    }

    public async Task<ImmutableArray<string>> Ask(string question)
    {
        var answers = ImmutableArray.CreateBuilder<string>();
        foreach (var reader in _readers) answers.Add(await reader.Answer(question));
        return answers.ToImmutable();
    }

    public async Task<ImmutableArray<string>> AskSoon(string question)
    {
        var answers = ImmutableArray.CreateBuilder<string>();
        foreach (var reader in _readers) answers.Add(await reader.AnswerSoon(question));
        return answers.ToImmutable();
    }

    public Task Hold(string gate) => Task.WhenAll(_readers.Select(reader => reader.Hold(gate)));

    public async Task<bool> HoldUntilCancelled(string gate, IReader signal)
    {
        using var source = new CancellationTokenSource();
        var held = _readers[0].HoldUntilCancelled(gate, source.Token);
        await signal.Hold(gate); // The test opens it when the reader is at its gate.
        await source.CancelAsync();
        try
        {
            await held;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public Task PassTo(string key) => GrainFactory.GetGrain<IBulletinGrain>(key).SubscribeAll([.. _readers]);

    public Task SubscribeAll(ImmutableArray<IReader> readers)
    {
        _readers.AddRange(readers);
        return Task.CompletedTask;
    }

    public Task Follow(string key) =>
        GrainFactory.GetGrain<IBulletinGrain>(key).Subscribe(this.AsReference<IReader>());

    public Task<ImmutableArray<string>> Noted() => Task.FromResult<ImmutableArray<string>>([.. _noted]);

    public Task<string> TryToMakeAReference()
    {
        try
        {
            GrainFactory.CreateObjectReference<IReader>(new Reader("inner"));
            return Task.FromResult("made");
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult("refused");
        }
    }

    public void Note(string text) => _noted.Add(text);

    public Task Hear(string text)
    {
        _noted.Add(text);
        return Task.CompletedTask;
    }

    public Task<string> Answer(string question) => Task.FromResult($"grain: {question}");

    public Task<string> AnswerSoon(string question) => Answer(question);

    Task IReader.Hold(string gate) => stage.Pass(gate);

    Task IReader.HoldUntilCancelled(string gate, CancellationToken ct) => stage.Pass(gate);
}
