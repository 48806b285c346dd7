using System.Collections.Concurrent;
using Aedile.Tests.Support;

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

    /// <summary>Waits until a line is told.</summary>
    public Task Told(string line) => Told(line, times: 1);

    /// <summary>Waits until a line was told so often; fails the test when it isn't.</summary>
    public Task Told(string line, int times) => Eventually.True(
        $"'{line}' is told", TimeSpan.FromSeconds(30),
        () => Task.FromResult(_story.Count(told => told == line) >= times));

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
