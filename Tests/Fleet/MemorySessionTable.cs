using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Tests.Fleet;

/// <summary>The sessions in memory, shared by several silos of a test; it can be taken away.</summary>
internal sealed class MemorySessionTable(TimeProvider clock) : ISessionTable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<NodeName, SessionRow> _sessions = [];
    private readonly Dictionary<Guid, SiloRow> _silos = [];
    private long _version;

    /// <summary>While true, every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>The row of a node.</summary>
    public SessionRow Get(NodeName node) => _sessions[node];

    /// <summary>The row of a node; null when it has none.</summary>
    public SessionRow? Find(NodeName node) => _sessions.GetValueOrDefault(node);

    /// <summary>The silos that are not forgotten.</summary>
    public IEnumerable<string> SiloNames => _silos.Values.Select(s => s.Name);

    public Task<FleetRows> Read(long after, CancellationToken cancellation) => Do(() => new FleetRows(
        _version, [.. _sessions.Values.Where(s => s.Version > after).OrderBy(s => s.Version)],
        [.. _silos.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Run)]));

    public Task<SessionRow?> Claim(
        NodeName node, Func<SessionRow?, SessionRow?> next, CancellationToken cancellation) => Do(() =>
        {
            if (next(_sessions.GetValueOrDefault(node)) is not { } claimed) return null;
            return _sessions[node] = claimed with { Version = ++_version };
        });

    public Task End(NodeName node, long epoch, CancellationToken cancellation) => Do(() =>
    {
        if (_sessions.GetValueOrDefault(node) is { EndedAt: null } row && row.Epoch == epoch)
            _sessions[node] = row with
            {
                EndedAt = clock.GetUtcNow(), Change = row.Change + 1, Version = ++_version,
            };
        return true;
    });

    public Task NoteTold(NodeName node, long change, CancellationToken cancellation) => Do(() =>
    {
        if (_sessions.GetValueOrDefault(node) is { } row && row.Told < change)
            _sessions[node] = row with { Told = change, Version = ++_version };
        return true;
    });

    public Task Register(SiloRow silo, CancellationToken cancellation) => Do(() => _silos[silo.Run] = silo);

    public Task<bool> Beat(Guid run, string engine, CancellationToken cancellation) => Do(() =>
    {
        if (_silos.GetValueOrDefault(run) is not { } silo) return false;
        _silos[run] = silo with { Beat = silo.Beat + 1, Engine = engine };
        return true;
    });

    public Task Stop(Guid run, CancellationToken cancellation) => Do(() =>
    {
        if (_silos.GetValueOrDefault(run) is { } silo) _silos[run] = silo with { StoppedAt = clock.GetUtcNow() };
        return true;
    });

    public Task Forget(Guid run, CancellationToken cancellation) => Do(() => _silos.Remove(run));

    public Task WaitForChange(CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(250), clock, cancellation);

    private Task<T> Do<T>(Func<T> act)
    {
        if (IsAway) return Task.FromException<T>(new AwayException());
        lock (_gate) return Task.FromResult(act());
    }

    private sealed class AwayException() : DbException("The database is away.");
}
