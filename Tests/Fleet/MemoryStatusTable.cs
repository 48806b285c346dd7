using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Tests.Fleet;

/// <summary>What nodes say of themselves, in memory, shared by several silos of a test; it can be taken away.</summary>
internal sealed class MemoryStatusTable(MemorySessionTable sessions) : IStatusTable
{
    private readonly SortedDictionary<NodeName, (long Version, StatusRow Row)> _rows = [];
    private long _version;

    /// <summary>While true, every call fails.</summary>
    public bool IsAway { get; set; }

    public Task Write(ImmutableArray<StatusRow> rows, CancellationToken cancellation) => Do(() =>
    {
        _version++;
        foreach (var row in rows.Where(row => sessions.Find(row.Node)?.Epoch == row.Epoch))
        {
            if (_rows.TryGetValue(row.Node, out var old) && (old.Row.Epoch > row.Epoch
                || (old.Row.BootId == row.BootId && old.Row.Sequence >= row.Sequence))) continue;
            _rows[row.Node] = (_version, row);
        }

        return true;
    });

    public Task<(long Version, ImmutableArray<StatusRow> Rows)> Read(long after, CancellationToken cancellation) =>
        Do(() => (_version, _rows.Values.Where(one => one.Version > after).Select(one => one.Row).ToImmutableArray()));

    private Task<T> Do<T>(Func<T> act) =>
        IsAway ? Task.FromException<T>(new AwayException()) : Task.FromResult(act());

    private sealed class AwayException() : DbException("The database is away.");
}
