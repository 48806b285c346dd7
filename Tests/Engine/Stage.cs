using System.Collections.Concurrent;

namespace Aedile.Tests.Engine;

/// <summary>Shared by a test and its grains: gates that grains wait at, and the story of what happened.</summary>
public sealed class Stage
{
    private readonly ConcurrentDictionary<string, Gate> _gates = [];
    private readonly ConcurrentQueue<string> _story = [];
    private readonly ConcurrentDictionary<string, int> _instances = [];

    public Exception? FailActivation { get; set; }

    public bool HangActivation { get; set; }

    public IReadOnlyList<string> Story => [.. _story];

    public void Tell(string line) => _story.Enqueue(line);

    public int Enter(string key) => _instances.AddOrUpdate(key, 1, (_, count) => count + 1);

    public async Task Pass(string name)
    {
        var gate = GateOf(name);
        Tell($"{name} began");
        gate.Reached.TrySetResult();
        await gate.Opened.Task;
        Tell($"{name} ended");
    }

    public Task Reached(string name) => GateOf(name).Reached.Task;

    public void Open(string name) => GateOf(name).Opened.TrySetResult();

    private Gate GateOf(string name) => _gates.GetOrAdd(name, _ => new Gate());

    private sealed class Gate
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
