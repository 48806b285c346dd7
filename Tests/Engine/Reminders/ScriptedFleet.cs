using System.Collections.Concurrent;
using System.Net;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>One silo's place in a fleet that a test makes up: who owns everything, and who is told what.</summary>
internal sealed class ScriptedFleet : IRouter, ISiloMessenger
{
    public static readonly SiloAddress Here = SiloAddress.New(IPAddress.Loopback, 1, 1);
    public static readonly SiloAddress There = SiloAddress.New(IPAddress.Loopback, 2, 1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _newer = new();
    private Func<SiloAddress, object, Task<object>>? _answer;

    public ConcurrentQueue<string> Asked { get; } = [];

    public SiloAddress Self => Here;

    public long ViewVersion { get; private set; } = 1;

    /// <summary>The owner of every grain.</summary>
    public SiloAddress? Owner { get; private set; } = Here;

    public void NewView(SiloAddress? owner)
    {
        TaskCompletionSource old;
        lock (_lock)
        {
            Owner = owner;
            ViewVersion++;
            old = _newer;
            _newer = new TaskCompletionSource();
        }

        old.SetResult();
    }

    // Not the same object: views are read from a table.
    public SiloAddress? OwnerOf(GrainId grain) =>
        Owner is { } owner ? SiloAddress.New(owner.Endpoint, owner.Generation) : null;

    public ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation) => ValueTask.CompletedTask;

    public Task WhenNewerThan(long version, CancellationToken cancellation)
    {
        lock (_lock) return ViewVersion > version ? Task.CompletedTask : _newer.Task.WaitAsync(cancellation);
    }

    public Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull
    {
        Asked.Enqueue($"{silo.Endpoint.Port}: {question}");
        return Task.FromException<TReply>(new SiloUnavailableException("It is made up."));
    }

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull =>
        _answer = async (from, question) => await handler(from, (TQuestion)question, CancellationToken.None);

    /// <summary>Asks this silo as another one.</summary>
    public Task<object> Receive(object question) => _answer!(There, question);

    public void Abandon(SiloAddress dead)
    {
        // Nobody dies here.
    }
}
