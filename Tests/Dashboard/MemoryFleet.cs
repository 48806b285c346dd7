using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Repositories;

namespace Aedile.Tests.Dashboard;

/// <summary>
/// A fleet that a test writes down. Everything is swapped as a whole, so a page never sees half of it.
/// </summary>
internal sealed class MemoryFleet : IFleetView
{
    private volatile bool _isSilent;
    private ImmutableArray<ProcessView> _processes = [];
    private ImmutableArray<RepositoryResource> _repositories = [];

    /// <summary>When true, every question times out.</summary>
    public bool IsSilent { get => _isSilent; set => _isSilent = value; }

    public ImmutableArray<ProcessView> Processes
    {
        get => _processes;
        set => ImmutableInterlocked.InterlockedExchange(ref _processes, value);
    }

    public ImmutableArray<FleetChange> Changes { get; init; } = [];

    public ImmutableArray<ActivationCount>? Activations { get; init; }

    public ImmutableArray<RepositoryResource> Repositories
    {
        get => _repositories;
        set => ImmutableInterlocked.InterlockedExchange(ref _repositories, value);
    }

    public Task<FleetSnapshot> GetFleet(CancellationToken cancellation)
    {
        Answer();
        var all = Repositories;
        return Task.FromResult(new FleetSnapshot(
            Processes, new RepositoryCounts(all.Length, all.Count(IsRepairing), all.Count(IsReadOnly)), Changes,
            Activations));
    }

    public ImmutableArray<SessionView> Sessions { get; init; } = [];

    public Task<SessionWindow> GetSessions(SessionQuery query, CancellationToken cancellation)
    {
        Answer();
        Assert.InRange(query.Take, 1, 200);
        var fitting = Sessions.Where(s => query.State.Length == 0 || s.Node.State == query.State)
            .Where(s => s.Node.Name.Value.Contains(query.Search, StringComparison.OrdinalIgnoreCase)).ToList();
        return Task.FromResult(new SessionWindow(
            [.. fitting.Skip(query.Skip).Take(query.Take)], fitting.Count,
            new SessionCounts(
                Sessions.Count(s => s.Node.State == "running"), Sessions.Count(s => s.Node.State == "moving"),
                Sessions.Count(s => s.Node.State == "unknown"))));
    }

    public Task<RepositoryWindow> GetRepositories(RepositoryQuery query, CancellationToken cancellation)
    {
        Answer();
        Assert.InRange(query.Take, 1, 200);
        Assert.True(query.Skip >= 0);
        var fitting = Repositories
            .Where(r => $"{r.VirtualStorage}/{r.Path}".Contains(query.Search, StringComparison.OrdinalIgnoreCase))
            .Where(r => query.Filter switch
            {
                RepositoryFilter.Repairing => IsRepairing(r),
                RepositoryFilter.ReadOnly => IsReadOnly(r),
                _ => true,
            })
            .ToImmutableArray();
        return Task.FromResult(new RepositoryWindow([.. fitting.Skip(query.Skip).Take(query.Take)], fitting.Length));
    }

    public Task<RepositoryResource?> GetRepository(RepositoryId id, CancellationToken cancellation)
    {
        Answer();
        return Task.FromResult(Repositories.FirstOrDefault(r => r.Id == id));
    }

    private static bool IsRepairing(RepositoryResource repository) =>
        repository.Replicas.Any(r => r is { Assigned: true, UpToDate: false });

    private static bool IsReadOnly(RepositoryResource repository) => repository.State == "readOnly";

    private void Answer()
    {
        if (_isSilent) throw new TimeoutException("The fleet is silent.");
    }
}

/// <summary>Made-up processes and repositories.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ProcessView Agent(int number, ProcessHealth health = ProcessHealth.Healthy, string? detail = null) =>
        new($"node-{number}", ["storage"], 4000 + number, new Uri($"http://127.0.0.1:{8480 + number}"), health, Start,
            detail);

    public static ProcessView Silo() =>
        new("silo-1", ["silo"], 4000, new Uri("http://127.0.0.1:8480"), ProcessHealth.Healthy, Start);

    /// <summary>A repository on three nodes, all up to date.</summary>
    public static RepositoryResource Repository(int number, long generation = 7, string state = "active") =>
        new(RepositoryId.From(new Guid(number, 0, 0, new byte[8])), "default", $"team/project-{number:0000}",
            generation, Node(1), state, "main", Start, [.. Enumerable.Range(1, 3).Select(n => Replica(n, generation))]);

    public static ReplicaResource Replica(
        int node, long? generation, bool healthy = true, bool upToDate = true, string repair = "none") =>
        new(Node(node), generation, healthy, upToDate, Assigned: true, generation is null ? null : new string('a', 64),
            repair);

    public static NodeName Node(int number) => NodeName.Parse($"node-{number}");
}
